import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/context/json.js';
import type { Sql } from '../../src/persistence/sql.js';
import { accepted } from './finished-run.js';
import { logFaults } from './run-log.js';
import { script, type Step } from './scripted-agent.js';
import type { TestServer } from './server.js';
import type { SocketClient } from './socket.js';
import { until } from './until.js';

const RUN_MS = 40_000;

/** What a run of the load does: enough to be met by an outage at different places. */
const WORK: readonly Step[] = [
  { think: 'first' },
  { tool: 'set_line', parameters: { line: 'a' } },
  { delegate: [{ think: 'inner' }, { tool: 'set_line', parameters: { line: 'b' } }] },
  { text: 'some words ' },
  { answer: 'done' },
];

interface AskedRun {
  readonly client: SocketClient;
  readonly threadId: string;
  readonly runId: string;
}

/** Users who ask one question after the other, each on one connection and in one thread: the load of a test. */
export class AskingUsers {
  readonly refusals: JsonObject[] = [];
  readonly runs: AskedRun[] = [];
  private stopped = false;
  private loops: Promise<void>[] = [];

  private constructor(
    readonly clients: readonly SocketClient[],
    private readonly question: JsonObject,
  ) {}

  /** Resolves when each of them has got an answer. `question`: fields of their user_message, by default a script. */
  static async start(
    server: TestServer,
    count: number,
    question: JsonObject = { agent: 'scripted', text: script(...WORK) },
  ): Promise<AskingUsers> {
    const clients: SocketClient[] = [];
    for (let user = 0; user < count; user += 1) clients.push(await server.connect(await server.register()));
    const users = new AskingUsers(clients, question);
    users.loops = clients.map((client) => users.askOn(client));
    // A loop that fails is told by stop().
    for (const loop of users.loops) loop.catch(() => undefined);
    await until(() => clients.every((client) => client.frames.some(isFinal)), {
      timeoutMs: RUN_MS,
      message: 'each user gets an answer',
    });
    return users;
  }

  /** Waits until each of them has got a frame like this one. */
  async allGot(wanted: (frame: JsonObject) => boolean, message: string): Promise<void> {
    await until(() => this.clients.every((client) => client.frames.some(wanted)), { timeoutMs: 20_000, message });
  }

  /** No more questions; resolves when every accepted run has ended on the connection on which it was asked. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  /** What is wrong: connections that were lost, gaps and repeats in what they got, runs that have no end, faults of the log. */
  async faults(sql: Sql): Promise<string[]> {
    const faults: string[] = [];
    for (const client of this.clients) {
      if (client.closed !== undefined) faults.push(`a connection was closed with ${client.closed.code}`);
      const ofClient = this.runs.filter((run) => run.client === client);
      for (const threadId of new Set(ofClient.map((run) => run.threadId))) {
        const seqs = client.events(threadId).map(({ seq }) => Number(seq));
        seqs.forEach((seq, index) => {
          if (seq !== index + 1) faults.push(`seq ${seq} came at place ${index + 1} of thread ${threadId}`);
        });
        faults.push(...(await logFaults(sql, threadId)));
        const row = await sql.row<{ last_seq: number; runs: number }>(
          'SELECT last_seq, (SELECT count(*) FROM run WHERE thread_id = t.id) AS runs FROM thread t WHERE id = $1',
          [threadId],
        );
        if (row?.last_seq !== seqs.length) faults.push(`${seqs.length} of ${row?.last_seq} events came`);
        if (row?.runs !== ofClient.length)
          faults.push(`${row?.runs} runs are stored, ${ofClient.length} were accepted`);
      }
    }
    return faults;
  }

  private async askOn(client: SocketClient): Promise<void> {
    let threadId: string | undefined;
    while (!this.stopped) {
      const run = await this.ask(client, threadId);
      if (run === undefined) continue;
      threadId = run.threadId;
      this.runs.push(run);
      await until(() => client.frames.some((frame) => isFinal(frame) && frame.run_id === run.runId), {
        timeoutMs: RUN_MS,
        message: `the end of run ${run.runId}`,
      });
    }
  }

  /** Asks under one message_id until it is accepted, again whenever a service is back. */
  private async ask(client: SocketClient, threadId: string | undefined): Promise<AskedRun | undefined> {
    const place = threadId === undefined ? {} : { thread_id: threadId };
    const frame = { type: 'user_message', message_id: randomUUID(), ...place, ...this.question };
    while (!this.stopped) {
      const recoveries = recovered(client);
      const answer = await client.ask(frame);
      if (answer.type === 'message_accepted') {
        const { thread_id: inThread, run_id: runId } = accepted.parse(answer);
        return { client, threadId: inThread, runId };
      }
      this.refusals.push(answer);
      await until(() => this.stopped || recovered(client) > recoveries, {
        timeoutMs: RUN_MS,
        message: `a recovery after ${JSON.stringify(answer)}`,
      });
    }
    return undefined;
  }
}

const isFinal = (frame: JsonObject): boolean => frame.type === 'agent_completed' && frame.final === true;
const recovered = (client: SocketClient): number =>
  client.frames.filter(({ type }) => type === 'service_recovered').length;
