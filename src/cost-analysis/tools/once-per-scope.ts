import type { UsageScope } from './usage-scope.js';

/** Scopes of one run are few; more than this would be a run that goes in circles. */
const KEPT_MAX = 20;

/** Something that is read once for each scope, by whoever asks first. */
export class OncePerScope<Result> {
  private readonly kept = new Map<string, Promise<Result>>();

  constructor(private readonly read: (scope: UsageScope, signal: AbortSignal) => Promise<Result>) {}

  /** A reading that failed, perhaps because the call that began it was stopped, says nothing to another call: that one reads for itself. */
  async in({ from, to, where, time_zone }: UsageScope, signal: AbortSignal): Promise<Result> {
    const scope = { from, to, where, time_zone };
    const key = JSON.stringify([from, to, where, time_zone]);
    const begun = this.kept.get(key);
    if (begun !== undefined) {
      try {
        return await begun;
      } catch {
        signal.throwIfAborted();
        return this.in(scope, signal);
      }
    }
    if (this.kept.size >= KEPT_MAX) this.kept.clear();
    const reading = this.read(scope, signal);
    this.kept.set(key, reading);
    try {
      return await reading;
    } catch (error) {
      if (this.kept.get(key) === reading) this.kept.delete(key);
      throw error;
    }
  }
}
