/** The places for runs of one process: whichever way a run comes, it takes one of the same. */
export class RunPlaces {
  private count = 0;
  private isClosed = false;
  private readonly watchers: (() => void)[] = [];

  constructor(readonly total: number) {}

  get taken(): number {
    return this.count;
  }

  get areFull(): boolean {
    return this.count >= this.total;
  }

  /** Takes a place if there is one. */
  tryTake(): boolean {
    if (this.isClosed || this.areFull) return false;
    this.count += 1;
    return true;
  }

  /** Waits until there is a place, without taking it. False once no more are given. */
  async free(): Promise<boolean> {
    if (!this.isClosed && this.areFull) await new Promise<void>((resolve) => this.watchers.push(resolve));
    return !this.isClosed;
  }

  leave(): void {
    this.count -= 1;
    this.tell();
  }

  /** Gives no more places; those that are taken stay so until they are left. */
  close(): void {
    this.isClosed = true;
    this.tell();
  }

  open(): void {
    this.isClosed = false;
  }

  private tell(): void {
    for (const resolve of this.watchers.splice(0)) resolve();
  }
}
