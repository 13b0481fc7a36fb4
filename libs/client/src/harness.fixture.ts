import type { MessageAcceptedFrame, RunEvent, ThreadEvent } from '@goldenpath/protocol';
import { GoldenpathClient } from './client.js';
import { FakeClock } from './fake-clock.fixture.js';
import { FakeNetwork, type FakeSocket, readyFrame, settled } from './fake-network.fixture.js';
import type { GoldenpathError } from './goldenpath-error.js';
import type { ClientOptions } from './options.js';
import type { RunHandle } from './run.js';

/** A client, and the test in the place of the server. */
export class Harness {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork();
  readonly client: GoldenpathClient;
  readonly errors: GoldenpathError[] = [];

  constructor(options: Partial<ClientOptions> = {}) {
    this.client = new GoldenpathClient({
      url: 'ws://server',
      token: 'token',
      webSocket: this.network.webSocket,
      clock: this.clock,
      random: () => 0,
      newId: () => 'made',
      ...options,
    });
    this.client.on('error', (error) => this.errors.push(error));
  }

  get socket(): FakeSocket {
    return this.network.socket;
  }

  async connect(): Promise<this> {
    const ready = this.client.connect();
    await settled();
    this.socket.deliver(readyFrame());
    await ready;
    return this;
  }

  /** Loses the connection and brings the next one up. */
  async reconnect(logId = 'log'): Promise<void> {
    let delayMs = 0;
    const stop = this.client.on('close', (end) => (delayMs = end.retryInMs ?? 0));
    this.socket.drop();
    stop();
    // As in a real event loop, promises go on before a timer fires.
    await settled();
    this.clock.advance(delayMs);
    await settled();
    this.socket.deliver(readyFrame(logId));
    await settled();
  }

  accept(fields: Partial<MessageAcceptedFrame> = {}): void {
    const { id, message_id } = this.socket.last('user_message');
    const accepted = { thread_id: 't', message_id: message_id ?? '', run_id: 'r', state: 'pending' as const };
    this.socket.deliver({ type: 'message_accepted', ...accepted, duplicate: false, in_reply_to: id, ...fields });
  }

  async subscribed(lastSeq = 0): Promise<void> {
    await settled();
    const { id, threads = [] } = this.socket.last('subscribe');
    const answer = threads.map((thread) => ({ thread_id: thread.thread_id, last_seq: lastSeq }));
    this.socket.deliver({ type: 'subscribed', threads: answer, log_id: 'log', in_reply_to: id });
    await settled();
  }

  /** Asks on a new thread, up to where the run's events may come. */
  async ask(): Promise<RunHandle> {
    const asked = this.client.ask('hi');
    await settled();
    this.accept();
    await this.subscribed();
    return asked;
  }
}

/** A run of four events, from the given seq on. */
export function runEvents(firstSeq = 1, runId = 'r', threadId = 't'): RunEvent[] {
  const header = (offset: number) => ({
    seq: firstSeq + offset,
    event_id: `e${firstSeq + offset}`,
    thread_id: threadId,
    user_id: 'u',
    timestamp: '',
    run_id: runId,
  });
  const root = { agent: 'supervisor', agent_path: ['supervisor'] };
  const message = { id: 'm', thread_id: threadId, role: 'user' as const, text: 'hi', created_at: '' };
  const usage = { input_tokens: 0, output_tokens: 0, cost_usd: '0', model: 'planner' };
  const end = { status: 'completed' as const, result: null, execution_time_ms: 1, final: true as const };
  return [
    { ...header(0), type: 'message_created', message },
    { ...header(1), ...root, type: 'agent_started', query: 'hi', attempt: 1, pipeline_version: '1' },
    { ...header(2), ...root, type: 'agent_thinking', reasoning: 'because', step: 1 },
    { ...header(3), ...root, type: 'agent_completed', ...end, response: 'the answer', usage },
  ];
}

export async function seqs(events: AsyncIterable<ThreadEvent>): Promise<number[]> {
  const found: number[] = [];
  for await (const event of events) found.push(event.seq);
  return found;
}
