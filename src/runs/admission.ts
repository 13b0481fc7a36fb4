import type { RunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { AgentRegistry } from '../agents/agent-registry.js';
import { Configuration } from '../config/configuration.js';
import type { JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { EventLog } from '../events/event-log.js';
import type { EventTransaction } from '../events/event-transaction.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { databaseUnavailable, isDatabaseUnavailable } from '../persistence/database-error.js';
import { Database } from '../persistence/database.js';
import type { Sql } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids, isId } from '../telemetry/ids.js';
import { Cancellation } from './cancellation.js';
import { earlierSubmission } from './earlier-submission.js';
import { withPatience } from './patience.js';
import { lockUser, promote, type Dispatch } from './promotion.js';
import { PRIORITIES, type Priority } from './run-priority.js';
import { RunQueue } from './run-queue.js';
import { storeMessage } from './store-message.js';

/** What a user sends. */
export interface Submission {
  readonly text: string;
  readonly threadId?: string | undefined;
  /** Chosen by the client: the same id again gives the same run. */
  readonly messageId?: string | undefined;
  readonly ifBusy?: 'enqueue' | 'reject' | 'interrupt' | undefined;
  readonly agent?: string | undefined;
  readonly priority?: Priority | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly requestId: string;
  readonly connectionId?: string | undefined;
}

export interface Accepted {
  readonly threadId: string;
  readonly messageId: string;
  readonly runId: string;
  readonly state: RunState;
  /** Place in the user's line, from 1, while it waits. */
  readonly position?: number | undefined;
  readonly duplicate: boolean;
}

/** Takes messages in: when `submit` resolves, message and run are on disk and the run will reach a terminal state. */
@Injectable()
export class Admission {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly queue: RunQueue,
    private readonly cancellation: Cancellation,
    private readonly agents: AgentRegistry,
    private readonly lifecycle: Lifecycle,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Throws thread_not_found, message_id_conflict, thread_busy, queue_full, forbidden, validation_failed, database_unavailable. */
  async submit(identity: Identity, submission: Submission): Promise<Accepted> {
    this.check(identity, submission);
    const messageId = submission.messageId ?? this.ids.next();
    const tryAgain = { ...submission, messageId };
    const accepted = await withPatience(
      // After the first try its id is looked for: when the answer to a commit is lost, what it stored is found.
      (attempt) => this.trySubmit(identity, { submission: attempt === 1 ? submission : tryAgain, messageId }),
      { isPassing: isDatabaseUnavailable },
    );
    return submission.messageId === undefined ? { ...accepted, duplicate: false } : accepted;
  }

  private async trySubmit(identity: Identity, { submission, messageId }: Attempt): Promise<Accepted> {
    // Known to be away: nobody waits for a connection that times out.
    if (this.lifecycle.modeOf('database') !== 'full') throw databaseUnavailable('is away');
    const known = await earlierSubmission(this.database, identity, submission);
    if (known !== undefined) return known;
    const { accepted, dispatches, interrupted } = await this.log.transaction((transaction) =>
      this.admit(transaction, identity, { submission, messageId }),
    );
    await this.queue.add(dispatches);
    await this.cancellation.stopInterrupted(identity, interrupted);
    return accepted;
  }

  private check(identity: Identity, { agent, priority }: Submission): void {
    if (agent !== undefined && !this.agents.has(agent)) {
      const known = this.agents.names.join(', ');
      throw new AppError(
        'validation_failed',
        `There is no agent named ${agent.slice(0, 64)}. Known agents: ${known}.`,
        {
          details: { issues: [{ path: 'agent', message: 'unknown agent' }] },
        },
      );
    }
    // The queue is one for all tenants: the admin of one of them has no right over the others.
    if (priority === 'high' && !identity.roles.includes('platform_admin')) {
      throw new AppError('forbidden', 'Priority high is for platform admins.');
    }
  }

  private async admit(
    transaction: EventTransaction,
    identity: Identity,
    { submission, messageId: newMessageId }: Attempt,
  ): Promise<Admitted> {
    // From here on nobody else counts or promotes this user's runs.
    if (!(await lockUser(transaction, identity))) throw new AppError('forbidden', 'This account is not active.');
    const known = await earlierSubmission(transaction, identity, submission);
    if (known !== undefined) return { accepted: known, dispatches: [], interrupted: [] };
    const load = await this.load(transaction, identity, submission.threadId);
    this.checkLoad(load, submission);
    const interrupted = await this.interrupt(transaction, identity, submission);
    const stored = {
      submission,
      threadId: submission.threadId ?? this.ids.next(),
      runId: this.ids.next(),
      messageId: newMessageId,
      now: this.clock.now(),
      priority: PRIORITIES[submission.priority ?? 'normal'],
      isDispatched: this.goesAhead(load),
    };
    await storeMessage(transaction, identity, stored);
    const { threadId, messageId, runId } = stored;
    const dispatches = stored.isDispatched
      ? [stored]
      : await promote(transaction, identity, this.configuration.limits.concurrentRunsPerUser);
    const waits = !dispatches.some((dispatch) => dispatch.runId === runId);
    // Those of the thread that waited are over by then.
    const ahead = submission.ifBusy === 'interrupt' ? load.waiting - load.threadWaiting : load.waiting;
    const place = waits ? { position: ahead + 1 } : {};
    const accepted: Accepted = { threadId, messageId, runId, state: 'pending', ...place, duplicate: false };
    return { accepted, dispatches, interrupted };
  }

  private interrupt(sql: Sql, identity: Identity, { ifBusy, threadId }: Submission): Promise<readonly string[]> {
    if (ifBusy !== 'interrupt' || !isId(threadId)) return Promise.resolve([]);
    return this.cancellation.noteInterrupted(sql, identity, threadId);
  }

  /** Whether a new run goes into the queue at once: nobody waits before it, and there is room. What `promote` would find out. */
  private goesAhead({ waiting, unfinished, threadUnfinished }: Load): boolean {
    return waiting === 0 && threadUnfinished === 0 && unfinished < this.configuration.limits.concurrentRunsPerUser;
  }

  /** Uses run_unfinished. */
  private async load(transaction: EventTransaction, identity: Identity, threadId: string | undefined): Promise<Load> {
    const row = await transaction.row<LoadColumns>(
      `SELECT count(*) AS unfinished,
              count(*) FILTER (WHERE NOT dispatched) AS waiting,
              count(*) FILTER (WHERE NOT dispatched AND thread_id = $3) AS thread_waiting,
              count(*) FILTER (WHERE thread_id = $3) AS thread_unfinished
       FROM run WHERE user_id = $1 AND tenant_id = $2 AND state IN ('pending','starting','running','completing')`,
      [identity.userId, identity.tenantId, isId(threadId) ? threadId : null],
    );
    return {
      unfinished: row?.unfinished ?? 0,
      waiting: row?.waiting ?? 0,
      threadWaiting: row?.thread_waiting ?? 0,
      threadUnfinished: row?.thread_unfinished ?? 0,
    };
  }

  private checkLoad(load: Load, { ifBusy }: Submission): void {
    const { queuedRunsPerUser, queuedRunsPerThread } = this.configuration.limits;
    if (ifBusy === 'reject' && load.threadUnfinished > 0) {
      throw new AppError('thread_busy', 'A run of this thread is not finished yet.', { retryAfterMs: RETRY_AFTER_MS });
    }
    // What interrupts takes the place of what it cancels.
    const replaced = ifBusy === 'interrupt' ? load.threadUnfinished : 0;
    const threadWaiting = ifBusy === 'interrupt' ? 0 : load.threadWaiting;
    if (load.waiting - replaced >= queuedRunsPerUser || threadWaiting >= queuedRunsPerThread) {
      throw new AppError(
        'queue_full',
        `Too many runs are waiting (${load.waiting} of yours, ${load.threadWaiting} of this thread).`,
        {
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
  }
}

interface Attempt {
  readonly submission: Submission;
  /** The client's, or one of ours. */
  readonly messageId: string;
}

interface Admitted {
  readonly accepted: Accepted;
  readonly dispatches: readonly Dispatch[];
  /** Runs that this message interrupts. */
  readonly interrupted: readonly string[];
}

interface LoadColumns {
  unfinished: number;
  waiting: number;
  thread_waiting: number;
  thread_unfinished: number;
}

/** Runs of the user that are not over. */
interface Load {
  readonly unfinished: number;
  readonly waiting: number;
  readonly threadWaiting: number;
  readonly threadUnfinished: number;
}

/** About how long a run takes. */
const RETRY_AFTER_MS = 2_000;
