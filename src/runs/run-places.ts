interface Waiting {
  readonly priority: number;
  readonly take: (hasPlace: boolean) => void;
}

/** The places for runs of one process: whichever way a run comes, it takes one of the same. */
export class RunPlaces {
  private count = 0;
  private isClosed = false;
  private readonly line: Waiting[] = [];

  constructor(readonly total: number) {}

  get taken(): number {
    return this.count;
  }

  get waiting(): number {
    return this.line.length;
  }

  /** Takes a place if there is one that nobody waits for. */
  tryTake(): boolean {
    if (this.isClosed || this.count >= this.total) return false;
    this.count += 1;
    return true;
  }

  /** Waits for a place: by priority (the lowest number first), then by arrival. False once no more are given. */
  take(priority: number): Promise<boolean> {
    if (this.isClosed || this.tryTake()) return Promise.resolve(!this.isClosed);
    return new Promise((resolve) => {
      const behind = this.line.findIndex((other) => other.priority > priority);
      this.line.splice(behind < 0 ? this.line.length : behind, 0, { priority, take: resolve });
    });
  }

  /** The place goes to the next in the line, if somebody waits. */
  leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.count -= 1;
    else next.take(true);
  }

  /** Gives no more places; those that are taken stay so until they are left. */
  close(): void {
    this.isClosed = true;
    for (const { take } of this.line.splice(0)) take(false);
  }

  open(): void {
    this.isClosed = false;
  }
}
