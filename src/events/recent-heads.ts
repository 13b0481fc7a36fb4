const THREADS_MAX = 20_000;

/** How far the threads that were active lately have been handed out, bounded: the longest quiet ones are forgotten first. */
export class RecentHeads {
  private readonly heads = new Map<string, number>();

  /** The seq that comes next in a thread, where it is known. */
  next(threadId: string): number | undefined {
    const last = this.heads.get(threadId);
    return last === undefined ? undefined : last + 1;
  }

  note(threadId: string, seq: number): void {
    const last = this.heads.get(threadId) ?? 0;
    // Put in anew, so that the order of the map is the order of activity.
    this.heads.delete(threadId);
    this.heads.set(threadId, Math.max(last, seq));
    if (this.heads.size <= THREADS_MAX) return;
    for (const oldest of this.heads.keys()) {
      this.heads.delete(oldest);
      return;
    }
  }
}
