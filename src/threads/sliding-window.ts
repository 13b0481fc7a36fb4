const SLOTS = 60;

/**
 * Counts what happened in the last `windowMs`, in 60 slots: exact to one sixtieth of the window, and of constant size
 * whatever the limit is.
 */
export class SlidingWindow {
  private readonly slots = new Uint32Array(SLOTS);
  private readonly slotMs: number;
  private newest = 0;
  private total = 0;

  constructor(windowMs: number) {
    this.slotMs = windowMs / SLOTS;
  }

  count(nowMs: number): number {
    this.moveTo(nowMs);
    return this.total;
  }

  add(nowMs: number): void {
    this.moveTo(nowMs);
    const slot = this.newest % SLOTS;
    this.slots[slot] = (this.slots[slot] ?? 0) + 1;
    this.total += 1;
  }

  /** Milliseconds until something leaves the window; 0 when nothing is in it. */
  untilRoomMs(nowMs: number): number {
    this.moveTo(nowMs);
    for (let age = SLOTS - 1; age >= 0; age -= 1) {
      const slot = this.newest - age;
      if (slot >= 0 && (this.slots[slot % SLOTS] ?? 0) > 0) return Math.ceil((slot + SLOTS) * this.slotMs - nowMs);
    }
    return 0;
  }

  private moveTo(nowMs: number): void {
    const slot = Math.floor(nowMs / this.slotMs);
    const steps = Math.min(slot - this.newest, SLOTS);
    for (let step = 1; step <= steps; step += 1) {
      const index = (slot - steps + step) % SLOTS;
      this.total -= this.slots[index] ?? 0;
      this.slots[index] = 0;
    }
    this.newest = Math.max(this.newest, slot);
  }
}
