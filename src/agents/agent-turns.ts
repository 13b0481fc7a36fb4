/**
 * The order among what one agent does, as the grammar of a run wants it: tool calls may overlap, an agent of the next
 * level has its turn alone. Whoever comes too early waits.
 */
export class AgentTurns {
  private readonly together = new Set<Promise<unknown>>();
  private aloneCount = 0;
  /** Settles, never rejects, when the last of those who work alone is done. */
  private lastAlone: Promise<unknown> = Promise.resolve();

  /** Somebody works alone, or waits to. */
  get isTaken(): boolean {
    return this.aloneCount > 0;
  }

  /** Work that may overlap with other such work. */
  share<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = this.isTaken ? this.lastAlone.then(work) : work();
    const settled: Promise<unknown> = running.then(done, done).finally(() => this.together.delete(settled));
    this.together.add(settled);
    return running;
  }

  /** Work that begins when everything before it is over. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    this.aloneCount += 1;
    const running = Promise.all([this.lastAlone, ...this.together]).then(work);
    this.lastAlone = running.then(done, done).finally(() => (this.aloneCount -= 1));
    return running;
  }

  /** Something short, as soon as nobody works alone. */
  afterwards(work: () => void): void {
    if (this.isTaken) void this.lastAlone.then(work);
    else work();
  }

  /** Resolves when nothing is at work any more. */
  async idle(): Promise<void> {
    while (this.isTaken || this.together.size > 0) await Promise.all([this.lastAlone, ...this.together]);
  }
}

const done = (): void => undefined;
