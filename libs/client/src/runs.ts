import type { RunEvent } from '@goldenpath/protocol';
import type { GoldenpathError } from './goldenpath-error.js';
import type { Run } from './run.js';

const MAX_EARLY_EVENTS = 1000;

/** The runs that somebody waits for, and the events that came before the answer that names their run. */
export class Runs {
  private readonly live = new Set<Run>();
  private early: RunEvent[] = [];
  private earlyWereLost = false;
  private asksUnderWay = 0;

  /** Keeps events of unknown runs while `ask` waits for the answer with its run's id. */
  async whileAsking<T>(ask: () => Promise<T>): Promise<T> {
    this.asksUnderWay += 1;
    try {
      return await ask();
    } finally {
      this.asksUnderWay -= 1;
      if (this.asksUnderWay === 0) {
        this.early = [];
        this.earlyWereLost = false;
      }
    }
  }

  /** To be called with the answer, before the next frame is looked at. */
  add(run: Run): void {
    this.live.add(run);
    for (const event of this.early) this.give(run, event);
  }

  /** Its first event may have gone by, so that it must be sent again from the log. */
  mayHaveMissed(run: Run): boolean {
    return !run.hasBegun && (run.duplicate || this.earlyWereLost);
  }

  deliver(event: RunEvent): void {
    for (const run of this.live) this.give(run, event);
    if (this.asksUnderWay === 0) return;
    this.early.push(event);
    if (this.early.length <= MAX_EARLY_EVENTS) return;
    this.early.shift();
    this.earlyWereLost = true;
  }

  isBusy(threadId: string): boolean {
    return [...this.live].some((run) => run.threadId === threadId);
  }

  fail(run: Run, error: GoldenpathError): void {
    this.live.delete(run);
    run.fail(error);
  }

  failThread(threadId: string, error: GoldenpathError): void {
    for (const run of this.live) if (run.threadId === threadId) this.fail(run, error);
  }

  failAll(error: GoldenpathError): void {
    for (const run of this.live) this.fail(run, error);
  }

  private give(run: Run, event: RunEvent): void {
    if (run.take(event)) this.live.delete(run);
  }
}
