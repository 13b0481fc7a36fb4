import type { INestApplicationContext } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Append } from '../../src/events/event-append.js';
import { EventLog } from '../../src/events/event-log.js';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { Database } from '../../src/persistence/database.js';
import { Admission, type Submission } from '../../src/runs/admission.js';
import { RunClaims } from '../../src/runs/run-claims.js';
import { ToolRunner } from '../../src/tools/tool-runner.js';
import type { Invariant } from './history.js';

export type SabotageName = 'fence-off' | 'publish-before-persist' | 'no-dedup' | 'repeat-in-doubt';

/** A guarantee taken away from a server, from outside its code: what the checker must notice. */
export interface Sabotage {
  readonly name: SabotageName;
  /** One of these must be broken in the history. */
  readonly breaks: readonly Invariant[];
  apply(application: INestApplicationContext): void;
}

/** Time to be seen in, also by a client on a busy machine. */
const PUBLISHED_AHEAD_MS = 300;

export const SABOTAGES: readonly Sabotage[] = [
  { name: 'fence-off', breaks: ['I4'], apply: takeFenceAway },
  { name: 'publish-before-persist', breaks: ['I3'], apply: publishBeforePersist },
  { name: 'no-dedup', breaks: ['I6'], apply: forgetMessageIds },
  { name: 'repeat-in-doubt', breaks: ['I8'], apply: repeatEverything },
];

/** Epochs are written but not compared any more, and nobody learns that the run was taken over. */
function takeFenceAway(application: INestApplicationContext): void {
  rewriteStatements((text) =>
    text
      .replace('AND (r.id, r.epoch) IN (SELECT run_id, epoch FROM input)', '')
      .replaceAll('AND o.epoch = i.epoch', '')
      .replaceAll('AND o.epoch = c.epoch', '')
      .replaceAll('AND o.epoch = a.epoch', ''),
  );
  const claims = application.get(RunClaims, { strict: false });
  claims.renew = (fences) => Promise.resolve(fences.map(({ runId }) => ({ runId, cancelReason: undefined })));
}

/** Connections get every event of an agent a moment before it is on its way to the disk. */
function publishBeforePersist(application: INestApplicationContext): void {
  const log = application.get(EventLog, { strict: false });
  const hub = application.get(ThreadHub, { strict: false });
  const database = application.get(Database, { strict: false });
  const lines = new Map<string, Promise<unknown>>();
  const append = log.append.bind(log);
  const ahead = async (appended: Append): Promise<number> => {
    const { threadId, userId, event } = appended;
    const thread = await database.row<{ last_seq: number }>('SELECT last_seq FROM thread WHERE id = $1', [threadId]);
    hub.publish({ threadId, userId, events: [{ seq: (thread?.last_seq ?? 0) + 1, text: event.payload }] });
    await pause(PUBLISHED_AHEAD_MS);
    return append(appended);
  };
  log.append = (appended) => {
    const line = (lines.get(appended.threadId) ?? Promise.resolve()).then(() => ahead(appended));
    lines.set(
      appended.threadId,
      line.catch(() => undefined),
    );
    return line;
  };
}

/** What the client calls its message is not looked at. */
function forgetMessageIds(application: INestApplicationContext): void {
  const admission = application.get(Admission, { strict: false });
  const submit = admission.submit.bind(admission);
  admission.submit = (identity, submission: Submission) => submit(identity, { ...submission, messageId: undefined });
}

/** Calls whose outcome is unknown are made again, whatever their tool says. */
function repeatEverything(): void {
  ToolRunner.prototype.isIdempotent = () => true;
}

/** Every statement of the process passes here, also those inside transactions. */
function rewriteStatements(rewrite: (text: string) => string): void {
  const query = Reflect.get(pg.Client.prototype, 'query') as (this: pg.Client, ...parameters: unknown[]) => unknown;
  const rewritten = function (this: pg.Client, ...[statement, ...others]: unknown[]): unknown {
    return query.call(this, rewrittenStatement(statement, rewrite), ...others);
  };
  Object.assign(pg.Client.prototype, { query: rewritten });
}

function rewrittenStatement(statement: unknown, rewrite: (text: string) => string): unknown {
  if (typeof statement !== 'object' || statement === null || !('text' in statement)) return statement;
  // Cursors and the like have a text as well; only plain statements are ours.
  const { text } = statement;
  if (typeof text !== 'string' || Object.getPrototypeOf(statement) !== Object.prototype) return statement;
  return { ...statement, text: rewrite(text) };
}
