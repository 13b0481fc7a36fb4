import type { JsonObject } from '../context/json.js';
import { jsonArray } from '../persistence/binary-array.js';
import type { Sql, SqlParameter, UserScope } from '../persistence/sql.js';
import type { NewEvent } from './event-append.js';
import type { StoredEvent, ThreadBatch } from './thread-hub.js';

/** Whose thread an event belongs to. */
export interface EventOwner {
  readonly threadId: string;
  readonly userId: string;
}

/** What an event says. Its id is made by the writer, so that a retry can find out whether it was stored. */
export interface EventDraft {
  readonly type: string;
  readonly fields: JsonObject;
  readonly eventId?: string;
}

/** Makes events out of drafts; the event log is one. */
export interface EventComposer {
  compose(owner: EventOwner, draft: EventDraft): NewEvent;
}

/** An event of a transaction. `epoch` belongs to an event of a run. */
export interface TransactionEvent extends EventDraft {
  readonly run?: { readonly runId: string; readonly epoch: number };
}

/** Events and what else is written in the statement that appends them: each statement less is a round trip less for every run. */
export interface WiderAppend {
  readonly events: readonly TransactionEvent[];
  /** Made by `appendStatement`. */
  readonly statement: string;
  /** From $9 on. */
  readonly parameters: readonly SqlParameter[];
}

/** A transaction that can append to threads. The thread's row stays locked until it ends. */
export class EventTransaction implements Sql {
  constructor(
    private readonly sql: Sql,
    private readonly composer: EventComposer,
    private readonly appended: ThreadBatch[],
  ) {}

  rows<Row extends object>(text: string, parameters?: readonly SqlParameter[]): Promise<Row[]> {
    return this.sql.rows<Row>(text, parameters);
  }

  row<Row extends object>(text: string, parameters?: readonly SqlParameter[]): Promise<Row | undefined> {
    return this.sql.row<Row>(text, parameters);
  }

  execute(text: string, parameters?: readonly SqlParameter[]): Promise<number> {
    return this.sql.execute(text, parameters);
  }

  /** Appends events to the user's thread, in order; answers the seq of the last one, or undefined when the thread is not the user's. */
  async appendEvents(
    scope: UserScope,
    threadId: string,
    events: readonly TransactionEvent[],
  ): Promise<number | undefined> {
    return (await this.appendAlongside(scope, threadId, { events, statement: APPEND, parameters: [] }))?.seq;
  }

  /** The same, with other rows in one statement; answers also what that returns. Undefined when `touched` touched nothing: then nothing was written. */
  async appendAlongside<Row extends object>(
    { tenantId, userId }: UserScope,
    threadId: string,
    { events, statement, parameters }: WiderAppend,
  ): Promise<(Row & Position) | undefined> {
    const composed = events.map(({ run, ...draft }) => ({
      run,
      event: this.composer.compose({ threadId, userId }, draft),
    }));
    const rows = await this.sql.rows<Row & Position>(statement, [
      threadId,
      tenantId,
      userId,
      composed.map(({ run }) => run?.runId ?? null),
      composed.map(({ run }) => run?.epoch ?? null),
      composed.map(({ event }) => event.eventId),
      composed.map(({ event }) => event.type),
      jsonArray(composed.map(({ event }) => event.payload)),
      ...parameters,
    ]);
    const bySeq = [...rows].sort((left, right) => left.seq - right.seq);
    const seqs = new Map(bySeq.map((row) => [row.event_id, row.seq]));
    const stored = composed.flatMap(({ event }): StoredEvent[] => {
      const seq = seqs.get(event.eventId);
      return seq === undefined ? [] : [{ seq, text: event.payload }];
    });
    this.appended.push({ threadId, userId, events: stored });
    return bySeq.at(-1);
  }

  /** Appends one event that belongs to no attempt of a run: thread_updated, message_created. */
  appendThreadEvent(
    scope: UserScope,
    threadId: string,
    event: {
      readonly type: 'thread_updated' | 'message_created';
      readonly run_id?: string;
      readonly fields: JsonObject;
    },
  ): Promise<number | undefined> {
    const fields = event.run_id === undefined ? event.fields : { run_id: event.run_id, ...event.fields };
    return this.appendEvents(scope, threadId, [{ type: event.type, fields }]);
  }
}

interface Position {
  event_id: string;
  seq: number;
}

/**
 * The statement of a WiderAppend. `ctes` end with one named `touched`, which writes the thread's row, last_seq included, and answers its id and
 * its `base`, the last seq before these events. They may use $1 to $3 (thread, tenant, user), $6 (the ids of the events, uuid[]) and parameters of
 * their own, from $9 on. `returning`: more columns to return, e.g. `EXISTS (…) AS name`.
 */
export const appendStatement = (ctes: string, returning?: string): string => `
  WITH ${ctes}
  INSERT INTO run_event (thread_id, seq, run_id, epoch, event_id, type, payload)
  SELECT t.id, t.base + i.ord, i.run_id, i.epoch, i.event_id, i.type, i.payload
  FROM touched t, unnest($4::uuid[], $5::int[], $6::uuid[], $7::text[], $8::json[]) WITH ORDINALITY AS i (run_id, epoch, event_id, type, payload, ord)
  RETURNING event_id, seq${returning === undefined ? '' : `, ${returning}`}`;

const APPEND = appendStatement(`touched AS (
    UPDATE thread SET last_seq = last_seq + cardinality($6::uuid[]) WHERE id = $1 AND tenant_id = $2 AND user_id = $3
    RETURNING id, last_seq - cardinality($6::uuid[]) AS base
  )`);
