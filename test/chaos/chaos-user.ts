import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Acceptance, Violation } from './history.js';
import type { Random } from './random.js';
import type { StuckEnding } from './stuck-readers.js';
import { StreamViewer } from './stream-viewer.js';
import { Viewer } from './viewer.js';

export interface Account {
  readonly userId: string;
  readonly token: string;
}

export interface ChaosUserOptions {
  readonly name: string;
  readonly account: Account;
  /** Where to connect: hosts and ports of proxies before the servers. */
  readonly addresses: readonly string[];
  readonly random: Random;
  /** What it asks for. */
  readonly asks: (random: Random) => string;
}

interface Submission {
  readonly messageId: string;
  readonly text: string;
  readonly threadId: string | undefined;
  readonly ifBusy: 'enqueue' | 'interrupt';
}

const registered = z.object({ user: z.object({ id: z.string() }), access_token: z.string() });
const THREADS_MAX = 3;
const UNFINISHED_MAX = 5;
const NOTHING_THERE = ['thread_not_found', 'database_unavailable', 'service_unavailable'];

/**
 * A user with two resuming clients, one that follows what is live and one that reads server-sent events, who asks again and again and repeats
 * what was not answered.
 */
export class ChaosUser {
  readonly viewers: readonly Viewer[];
  private readonly stream: StreamViewer;
  readonly acceptances: (Acceptance & { readonly threadId: string; readonly acceptedMs: number })[] = [];
  readonly noted: Violation[] = [];
  /** Resolved answers that were refusals, by code. */
  readonly refusals = new Map<string, number>();
  /** How the connections of its client that hoarded ended. */
  readonly stuckEndings: StuckEnding[] = [];
  private readonly threads: string[] = [];
  private readonly latest: Submission[] = [];
  private stopping = false;
  private working: Promise<void> | undefined;
  private messages = 0;

  constructor(private readonly options: ChaosUserOptions) {
    const { name, account, addresses, random } = options;
    this.viewers = ['first', 'second', 'live'].map(
      (role) =>
        new Viewer({ ...account, id: `${name} ${role}`, addresses, resumes: role !== 'live', random: random.fork() }),
    );
    this.stream = new StreamViewer({ ...account, id: `${name} stream`, addresses, random: random.fork() });
  }

  static async register(url: string, email: string): Promise<Account> {
    const response = await fetch(`${url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'violet anchors hum' }),
    });
    const { user, access_token: token } = registered.parse(await response.json());
    return { userId: user.id, token };
  }

  get userId(): string {
    return this.options.account.userId;
  }

  /** All its clients. */
  get readers(): readonly (Viewer | StreamViewer)[] {
    return [...this.viewers, this.stream];
  }

  get threadIds(): readonly string[] {
    return this.threads;
  }

  start(): void {
    for (const viewer of this.viewers) viewer.start();
    this.working = this.work();
  }

  /** Asks nothing more; the clients stay. */
  async stopAsking(): Promise<void> {
    this.stopping = true;
    await this.working;
  }

  async stop(): Promise<void> {
    await this.stopAsking();
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }

  /** One of its clients asks for more than it reads; answers what came of its connection. */
  async hoard(): Promise<'impossible' | 'kept' | 'ended'> {
    return (await this.viewers[1]?.hoard()) ?? 'impossible';
  }

  noteStuck(ending: StuckEnding): void {
    this.stuckEndings.push(ending);
  }

  /** Sends one of the latest messages again, twice, over two connections. False when there is none. */
  async duplicate(random: Random): Promise<boolean> {
    if (this.latest.length === 0) return false;
    const submission = random.pick(this.latest);
    await Promise.all(this.viewers.slice(0, 2).map((viewer) => this.send(viewer, submission)));
    return true;
  }

  /** Cancels one of the latest runs. False when there is none. */
  async cancel(random: Random): Promise<boolean> {
    const latest = this.acceptances.slice(-3);
    if (latest.length === 0) return false;
    const { runId } = random.pick(latest);
    await random.pick(this.viewers).ask({ type: 'cancel_run', run_id: runId });
    return true;
  }

  /** Reaches for a thread and a run of somebody else: the answer must be as if there were none. */
  async trespass({ threadId, runId }: { threadId: string; runId: string }): Promise<void> {
    const [viewer] = this.viewers;
    const seen = await viewer?.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    const result = seen?.type === 'subscribed' ? seen.threads?.[0] : undefined;
    // While the database is away the answer is that it is; any other one would tell that there is such a thread.
    if (result !== undefined && !NOTHING_THERE.includes(result.error?.code ?? 'none'))
      this.note(`got ${result.error?.code ?? 'no error'} for ${threadId}`);
    const cancelled = await viewer?.ask({ type: 'cancel_run', run_id: runId });
    if (cancelled?.type === 'run_cancelling') this.note(`could cancel ${runId}`);
  }

  private note(what: string): void {
    this.noted.push({ invariant: 'I10', detail: `${this.options.name} ${what} of another user` });
  }

  private async work(): Promise<void> {
    const { random } = this.options;
    while (!this.stopping) {
      if (this.unfinished() < UNFINISHED_MAX) await this.submit(this.newSubmission());
      await pause(random.between(50, 1_500));
    }
  }

  /** Runs whose end its first client has not seen. */
  private unfinished(): number {
    const [first] = this.viewers;
    const finals = first?.finals;
    return this.acceptances.filter(({ runId }) => finals?.has(runId) !== true).length;
  }

  private newSubmission(): Submission {
    const { asks, random, name } = this.options;
    const isNew = this.threads.length < THREADS_MAX;
    const submission: Submission = {
      messageId: `${name.replace(' ', '-')}-${this.messages++}`,
      text: asks(random),
      threadId: isNew ? undefined : random.pick(this.threads),
      ifBusy: random.chance(0.1) ? 'interrupt' : 'enqueue',
    };
    this.latest.push(submission);
    if (this.latest.length > 3) this.latest.shift();
    return submission;
  }

  /** Sends it until it is accepted: who gets no answer can't know whether it was. */
  private async submit(submission: Submission): Promise<void> {
    const { random } = this.options;
    while (!this.stopping) {
      if (await this.send(random.pick(this.viewers), submission)) return;
      await pause(random.between(50, 500));
    }
  }

  private async send(viewer: Viewer, { messageId, text, threadId, ifBusy }: Submission): Promise<boolean> {
    const answer = await viewer.ask({
      ...{ type: 'user_message', text, message_id: messageId, if_busy: ifBusy, agent: 'scripted' },
      ...(threadId === undefined ? {} : { thread_id: threadId }),
    });
    if (answer?.type === 'error') {
      const code = answer.code ?? '';
      this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    }
    if (answer?.type !== 'message_accepted' || answer.run_id === undefined || answer.thread_id === undefined)
      return false;
    this.accepted({ messageId, runId: answer.run_id, threadId: answer.thread_id });
    return true;
  }

  private accepted(accepted: { messageId: string; runId: string; threadId: string }): void {
    this.acceptances.push({ ...accepted, userId: this.userId, acceptedMs: Date.now() });
    if (!this.threads.includes(accepted.threadId)) this.threads.push(accepted.threadId);
    for (const reader of this.readers) reader.follow(accepted.threadId);
  }
}
