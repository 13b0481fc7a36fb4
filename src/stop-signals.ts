/** SIGTERM and Ctrl-C: the first asks for an orderly end within the grace period; a second one, or its end, ends the process at once. */
export class StopSignals {
  /** Before the configuration is read. */
  graceMs = 30_000;
  /** The signal that came first. */
  readonly first: Promise<NodeJS.Signals>;
  private resolve: (signal: NodeJS.Signals) => void = () => undefined;
  private came = false;

  constructor() {
    this.first = new Promise((resolve) => (this.resolve = resolve));
  }

  get isStopping(): boolean {
    return this.came;
  }

  listen(): void {
    process.on('SIGTERM', (signal) => this.take(signal));
    process.on('SIGINT', (signal) => this.take(signal));
  }

  private take(signal: NodeJS.Signals): void {
    if (this.came) process.exit(1);
    this.came = true;
    setTimeout(() => process.exit(1), this.graceMs).unref();
    this.resolve(signal);
  }
}
