import { expect, jest } from '@jest/globals';
import { isTerminalRunState, type RunState } from '@goldenpath/protocol';
import type { AppError } from '../../src/errors/app-error.js';
import { LostRunError } from '../../src/events/lost-run-error.js';
import { Cancellation } from '../../src/runs/cancellation.js';
import { logFaults } from './run-log.js';
import { RunNode, type Ended, type StandingAttempt } from './run-node.js';
import type { TestServer, TestUser } from './server.js';
import { submit } from './submit.js';

export const NODES = 3;
const RENEWAL_MS = 500;
const CRASHES_MAX = 5;

/** What a run's row must show. */
interface Expected {
  readonly id: string;
  state: RunState;
  epoch: number;
  crashes: number;
  isCancelRequested: boolean;
  isLeaseOver: boolean;
}

export type RunStep =
  | { readonly kind: 'take' | 'lose'; readonly node: number; readonly other: boolean }
  /** Two nodes at once. */
  | { readonly kind: 'race'; readonly node: number; readonly other: boolean }
  | { readonly kind: 'write' | 'finish'; readonly attempt: number; readonly status: Ended }
  | { readonly kind: 'cancel'; readonly other: boolean }
  | { readonly kind: 'handBack'; readonly node: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'renew' };

/** Two runs of a thread, the nodes that work on them, and what must come of it. */
export class RunWorld {
  /** What the sequence came to. */
  readonly seen = new Set<string>();
  private readonly nodes: RunNode[];
  /** Processes that were told to stop, and work no more. */
  private readonly stopped: RunNode[] = [];

  private constructor(
    private readonly server: TestServer,
    private readonly user: TestUser,
    private readonly threadId: string,
    private readonly runs: readonly Expected[],
  ) {
    this.nodes = Array.from({ length: NODES }, () => new RunNode(server));
  }

  static async make(server: TestServer, user: TestUser): Promise<RunWorld> {
    const first = await submit(server, user, { text: 'first' });
    const second = await submit(server, user, { text: 'second', threadId: first.threadId });
    const fresh = { state: 'pending', epoch: 0, crashes: 0, isCancelRequested: false, isLeaseOver: false } as const;
    return new RunWorld(
      server,
      user,

      first.threadId,
      [first, second].map(({ runId }) => ({ id: runId, ...fresh })),
    );
  }

  async take(step: RunStep): Promise<void> {
    switch (step.kind) {
      case 'take':
        return this.claim(this.target(step.other), [step.node]);
      case 'race':
        return this.claim(this.target(step.other), [step.node, (step.node + 1) % NODES]);
      case 'lose':
        await this.expire(this.target(step.other));
        return this.claim(this.target(step.other), [step.node]);
      case 'expire':
        return this.expire(this.target(false));
      case 'write':
        return this.write(this.attempt(step.attempt));
      case 'finish':
        return this.finish(this.attempt(step.attempt), step.status);
      case 'cancel':
        return this.cancel(this.target(step.other));
      case 'handBack':
        return this.handBack(step.node);
      case 'renew':
        return this.renew();
    }
  }

  /** Every run comes to its end, however it stands now. */
  async end(): Promise<void> {
    for (const run of this.runs) {
      while (!isTerminalRunState(run.state)) {
        await this.expire(run);
        await this.claim(run, [0]);
        await this.finish(this.attempt(0), 'completed');
        await this.check();
      }
    }
    await this.renew();
    const left = [...this.nodes, ...this.stopped].filter(({ owned, failures }) => owned.size + failures.length > 0);
    expect(left).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
    expect(await logFaults(this.server.database, this.threadId)).toEqual([]);
    for (const { state, epoch, crashes } of this.runs) {
      this.seen.add(state);
      if (crashes > 0 && state !== 'dead') this.seen.add('taken over');
      if (epoch > crashes + 1 && state !== 'dead') this.seen.add('handed back');
    }
  }

  async check(): Promise<void> {
    const rows = await this.server.database.rows<{ id: string }>(
      `SELECT id, state, epoch, crashes, cancel_requested_at IS NOT NULL AS is_cancel_requested, owner IS NOT NULL AS is_owned,
         (SELECT count(*) FROM run_event e WHERE e.run_id = run.id AND e.payload->>'final' = 'true') AS finals,
         (SELECT count(*) FROM message m WHERE m.run_id = run.id AND m.role = 'assistant') AS answers
       FROM run WHERE thread_id = $1 ORDER BY first_seq`,
      [this.threadId],
    );
    const expected = this.runs.map(({ id, state, epoch, crashes, isCancelRequested }) => ({
      ...{ id, state, epoch, crashes, is_cancel_requested: isCancelRequested, is_owned: state === 'running' },
      finals: isTerminalRunState(state) ? 1 : 0,
      answers: isTerminalRunState(state) ? 1 : 0,
    }));
    expect(rows).toEqual(expected);
  }

  get runIds(): string[] {
    return this.runs.map(({ id }) => id);
  }

  private get attempts(): StandingAttempt[] {
    return [...this.nodes, ...this.stopped].flatMap(({ attempts }) => attempts);
  }

  private target(other: boolean): Expected {
    const [first, second] = this.runs;
    if (first === undefined || second === undefined) throw new Error('there are two runs');
    return other || isTerminalRunState(first.state) ? second : first;
  }

  private attempt(back: number): StandingAttempt | undefined {
    const byEpoch = (left: StandingAttempt, right: StandingAttempt): number => left.ordinal - right.ordinal;
    return this.attempts.sort(byEpoch).at(-1 - back);
  }

  private expectedOf({ runId }: StandingAttempt): Expected {
    const run = this.runs.find(({ id }) => id === runId);
    if (run === undefined) throw new Error(`${runId} is of another world`);
    return run;
  }

  private owns(attempt: StandingAttempt): boolean {
    const run = this.expectedOf(attempt);
    return !attempt.isOver && run.epoch === attempt.epoch && run.state === 'running';
  }

  private async claim(run: Expected, nodes: readonly number[]): Promise<void> {
    const isOtherLive = this.runs.some((candidate) => candidate !== run && candidate.state === 'running');
    const isFree = run.state === 'pending' ? !isOtherLive : run.state === 'running' && run.isLeaseOver;
    const before = this.attempts.length;
    await Promise.all(this.nodes.filter((_, index) => nodes.includes(index)).map((node) => node.take(run.id)));
    const begun = this.attempts.length - before;
    expect(begun).toBe(isFree && !this.isGivenUp(run) ? 1 : 0);
    if (!isFree) return;
    run.epoch += 1;
    if (run.state === 'running') run.crashes += 1;
    run.isLeaseOver = false;
    run.state = run.crashes >= CRASHES_MAX ? 'dead' : run.isCancelRequested ? 'cancelled' : 'running';
  }

  /** When it is lost once more. */
  private isGivenUp({ state, crashes }: Expected): boolean {
    return state === 'running' && crashes + 1 >= CRASHES_MAX;
  }

  private async expire(run: Expected): Promise<void> {
    const live = await this.server.database.execute(
      `UPDATE run SET lease_until = now() - interval '1 second' WHERE id = $1 AND state IN ('starting','running','completing')`,
      [run.id],
    );
    run.isLeaseOver = live > 0;
  }

  /** Behind its fence, or not at all: also of an owner that does not know yet that it is none. */
  private async write(attempt: StandingAttempt | undefined): Promise<void> {
    if (attempt === undefined) return;
    const isWritten = this.owns(attempt);
    if (!isWritten) this.seen.add('late write');
    const written = await attempt.write().catch((error: unknown) => error);
    if (isWritten) expect(written).toBeUndefined();
    else expect(written).toBeInstanceOf(LostRunError);
    await this.quiet();
  }

  private async finish(attempt: StandingAttempt | undefined, status: Ended): Promise<void> {
    if (attempt === undefined || attempt.isOver) return;
    if (this.owns(attempt)) this.expectedOf(attempt).state = status;
    else if (this.expectedOf(attempt).state === 'running') this.seen.add('late end');
    await attempt.finish(status);
  }

  private async cancel(run: Expected): Promise<void> {
    const request = this.server
      .get(Cancellation)
      .request({ userId: this.user.id, tenantId: this.user.tenantId }, run.id, 'test');
    if (isTerminalRunState(run.state)) {
      await expect(request).rejects.toMatchObject({ code: 'invalid_state' } satisfies Partial<AppError>);
      return;
    }
    await request;
    run.isCancelRequested = true;
    if (run.state === 'pending') run.state = 'cancelled';
  }

  private async handBack(index: number): Promise<void> {
    const [node] = this.nodes.splice(index, 1, new RunNode(this.server));
    if (node === undefined) return;
    this.stopped.push(node);
    const owned = node.attempts.filter((attempt) => this.owns(attempt));
    node.owned.handBackAll();
    for (const attempt of owned) {
      const run = this.expectedOf(attempt);
      run.state = 'pending';
      run.epoch += 1;
    }
    await this.quiet();
  }

  /** The owners of runs keep them and hear of cancellations; who is none any more hears of that. */
  private async renew(): Promise<void> {
    for (const attempt of this.attempts) {
      if (!this.owns(attempt)) continue;
      const run = this.expectedOf(attempt);
      run.isLeaseOver = false;
      if (run.isCancelRequested) run.state = 'cancelled';
    }
    jest.advanceTimersByTime(RENEWAL_MS);
    await this.quiet();
    expect(this.attempts.filter((attempt) => attempt.isOver === this.owns(attempt))).toEqual([]);
  }

  private async quiet(): Promise<void> {
    for (const node of [...this.nodes, ...this.stopped]) await node.quiet();
  }
}
