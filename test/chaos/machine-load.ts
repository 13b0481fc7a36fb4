import { availableParallelism, loadavg } from 'node:os';

const LOOK_MS = 5_000;

/** How busy the machine is, from now on until `stop`: with whatever runs on it, not only with us. */
export class MachineLoad {
  private most = loadPerCore();
  private readonly looks = setInterval(() => {
    this.most = Math.max(this.most, loadPerCore());
  }, LOOK_MS);

  /** The highest load average (1 min) per core. */
  stop(): number {
    clearInterval(this.looks);
    return Math.max(this.most, loadPerCore());
  }
}

const loadPerCore = (): number => (loadavg()[0] ?? 0) / availableParallelism();
