/** More than this, sent and not answered, means that nobody takes it: what is dropped is then found by the position check. */
const UNANSWERED_BYTES_MAX = 8 * 1024 * 1024;

/** Bounds what a connection that stands still has to keep: a client of a store queues whatever it is given. */
export class UnansweredLimit {
  private bytes = 0;

  /** Sends the payload, and resolves when it was answered. Rejects, without sending it, while too much has no answer. */
  async send(payload: string, transmit: () => Promise<unknown>): Promise<void> {
    const payloadBytes = Buffer.byteLength(payload);
    if (this.bytes + payloadBytes > UNANSWERED_BYTES_MAX) throw new Error('Too much was not answered.');
    this.bytes += payloadBytes;
    try {
      await transmit();
    } finally {
      this.bytes -= payloadBytes;
    }
  }
}
