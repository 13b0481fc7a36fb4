import type { FrameSink } from './frame-sink.js';

/** A sink that can be held back for a moment: what is sent meanwhile follows when it is let go, in order. */
export class HeldSink implements FrameSink {
  private held: string[] | undefined;
  private heldCharacters = 0;

  constructor(private readonly sink: FrameSink) {}

  get isOpen(): boolean {
    return this.sink.isOpen;
  }

  /** What is held counts as buffered: whoever reads ahead pauses for it. */
  get bufferedBytes(): number {
    return this.sink.bufferedBytes + this.heldCharacters;
  }

  send(frame: string): void {
    if (this.held === undefined) {
      this.sink.send(frame);
      return;
    }
    this.held.push(frame);
    this.heldCharacters += frame.length;
  }

  /** Holds back while `work` runs. */
  async whileHeld(work: () => Promise<void>): Promise<void> {
    this.held ??= [];
    try {
      await work();
    } finally {
      const { held } = this;
      this.held = undefined;
      this.heldCharacters = 0;
      for (const frame of held) this.sink.send(frame);
    }
  }
}
