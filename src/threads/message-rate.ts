import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { SharedSpending } from '../events/shared-spending.js';
import { Clock } from '../telemetry/clock.js';
import { RateLimiter } from './rate-limiter.js';

/** What a user sends: a `message` starts a run, a `command` asks the database, a `frame` is anything at all. */
export type Traffic = 'message' | 'command' | 'frame';

/** MESSAGES_PER_MINUTE is for messages; acknowledgements of every event must fit into the last one. */
const TIMES_MESSAGES = { message: 1, command: 10, frame: 100 } as const satisfies Record<Traffic, number>;
const MINUTE_MS = 60_000;
/** A user who was not over a limit for so long has calmed down: a window's length, because a new window lets a steady flood in for a while. */
const CALM_MS = MINUTE_MS;

interface Excess {
  readonly sinceMs: number;
  lastMs: number;
}

/**
 * How much each user may send in a minute, over all doors and connections: messages at all processes, as far as they have told
 * each other, the rest at this one.
 */
@Injectable()
export class MessageRate {
  private readonly limiters: Record<Traffic, RateLimiter>;
  private readonly excesses = new Map<string, Excess>();

  constructor(
    configuration: Configuration,
    private readonly clock: Clock,
    private readonly spending: SharedSpending,
  ) {
    const limiter = (traffic: Traffic): RateLimiter =>
      new RateLimiter(
        { limit: configuration.limits.messagesPerMinute * TIMES_MESSAGES[traffic], windowMs: MINUTE_MS },
        clock,
      );
    this.limiters = { message: limiter('message'), command: limiter('command'), frame: limiter('frame') };
    spending.setListener((userId) => this.limiters.message.note(userId));
  }

  /** Counts one; throws rate_limited with retryAfterMs when the user is over the limit. */
  take(userId: string, traffic: Traffic): void {
    const retryAfterMs = this.limiters[traffic].take(userId);
    if (retryAfterMs === 0) {
      if (traffic === 'message') this.spending.tell(userId);
      return;
    }
    this.noteExcess(userId);
    throw new AppError('rate_limited', `Too many ${traffic}s in a minute; try again later.`, { retryAfterMs });
  }

  /** Whether the user has been sending over a limit for a minute, without a pause. */
  isFlooding(userId: string): boolean {
    const excess = this.excesses.get(userId);
    return excess !== undefined && excess.lastMs - excess.sinceMs >= MINUTE_MS;
  }

  private noteExcess(userId: string): void {
    const nowMs = this.clock.monotonicMs();
    for (const [id, { lastMs }] of this.excesses) if (nowMs - lastMs > CALM_MS) this.excesses.delete(id);
    const excess = this.excesses.get(userId);
    if (excess === undefined) this.excesses.set(userId, { sinceMs: nowMs, lastMs: nowMs });
    else excess.lastMs = nowMs;
  }
}
