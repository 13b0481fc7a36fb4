/** What one session followed and acknowledged since it was last stored. Bounded: a client that follows more is found out by the log. */
export class SessionProgress {
  /** By thread: the highest seq acknowledged, or null where the thread is only followed. */
  readonly positions = new Map<string, number | null>();
  readonly unfollowed = new Set<string>();
  followsAll: boolean | undefined;

  follow(threadId: string): void {
    this.unfollowed.delete(threadId);
    if (!this.positions.has(threadId)) this.put(threadId, null);
  }

  unfollow(threadId: string): void {
    this.positions.delete(threadId);
    if (this.unfollowed.size < THREADS_MAX) this.unfollowed.add(threadId);
  }

  acknowledge(threadId: string, seq: number): void {
    this.unfollowed.delete(threadId);
    this.put(threadId, Math.max(seq, this.positions.get(threadId) ?? 0));
  }

  /** Takes what an attempt to store did not bring in; what has come since counts more. */
  restore(earlier: SessionProgress): void {
    for (const [threadId, seq] of earlier.positions) {
      if (this.unfollowed.has(threadId)) continue;
      if (seq === null) this.follow(threadId);
      else this.acknowledge(threadId, seq);
    }
    for (const threadId of earlier.unfollowed) if (!this.positions.has(threadId)) this.unfollow(threadId);
    this.followsAll ??= earlier.followsAll;
  }

  /** The thread that was told of longest ago makes room. */
  private put(threadId: string, seq: number | null): void {
    this.positions.delete(threadId);
    const [oldest] = this.positions.keys();
    if (this.positions.size >= THREADS_MAX && oldest !== undefined) this.positions.delete(oldest);
    this.positions.set(threadId, seq);
  }
}

const THREADS_MAX = 500;
