import type { UserScope } from '../persistence/sql.js';
import { CommittedSnapshot } from './committed-snapshot.js';
import type { ThreadPositions } from './thread-positions.js';

/**
 * Where threads begin for a connection that follows all of its user's. What another process announces of a thread may not be
 * the first that there is since the connection began: an announcement may have been lost. So the log is asked.
 */
export class ThreadBeginnings {
  /** What was committed when the connection began to follow all. */
  private since: CommittedSnapshot | undefined;
  /** Threads that are looked up, and the lowest seq that was announced of each; Infinity before anything was. */
  private readonly pending = new Map<string, number>();

  constructor(
    private readonly scope: UserScope,
    private readonly positions: Pick<ThreadPositions, 'committed' | 'firstSince'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** From now on. Without an answer of the database, a thread begins with what is announced of it. */
  async start(): Promise<void> {
    // What was taken out until now must not count as missed.
    this.since = undefined;
    const committed = await this.ask(() => this.positions.committed());
    this.since = committed === undefined ? undefined : new CommittedSnapshot(committed);
  }

  /** Whether there can be anything to find in a thread that this transaction was the last to write: most that are active were told of long ago. */
  mayHaveBegun(writtenBy: bigint): boolean {
    return this.since?.includes(writtenBy) === false;
  }

  isLookedUp(threadId: string): boolean {
    return this.pending.has(threadId);
  }

  /** Whether the thread is being looked up: then what is announced meanwhile is found with it, and must not be sent before. */
  includes(threadId: string, announcedSeq: number): boolean {
    const lowest = this.pending.get(threadId);
    if (lowest === undefined) return false;
    this.pending.set(threadId, Math.min(lowest, announcedSeq));
    return true;
  }

  /**
   * Hands the first seq that the connection must get to `begin`, if there is one. Nothing is announced in between. Answers false where the thread
   * is being looked up already: that will find what this one would.
   */
  async find(threadId: string, announcedSeq: number, begin: (firstSeq: number) => void): Promise<boolean> {
    if (this.includes(threadId, announcedSeq)) return false;
    this.pending.set(threadId, announcedSeq);
    const { since } = this;
    const found =
      since === undefined
        ? undefined
        : await this.ask(() => this.positions.firstSince(this.scope, threadId, since.text));
    const firstSeq = Math.min(found ?? Infinity, this.pending.get(threadId) ?? Infinity);
    this.pending.delete(threadId);
    if (firstSeq !== Infinity) begin(firstSeq);
    return true;
  }

  private async ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question();
    } catch (error) {
      this.onError(error);
      return undefined;
    }
  }
}
