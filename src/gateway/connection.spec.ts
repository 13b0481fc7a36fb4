import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.js';
import { BUFFER_HIGH_BYTES, BUFFER_LOW_BYTES } from '../events/frame-sink.js';
import type { Clock } from '../telemetry/clock.js';
import { Connection } from './connection.js';
import type { ConnectionState } from './connection-state.js';

const SEED = 20_260_801;
const BAD_FRAMES_MAX = 100;
/** A frame that fills the buffer of a peer by itself. */
const LONG = BUFFER_HIGH_BYTES + 1;

/** A socket without a network: what is sent while it is not open is a mistake of ours. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly misdeeds: string[] = [];
  private readonly unwritten: (() => void)[] = [];

  send(frame: string, written: () => void = () => undefined): void {
    if (this.readyState !== WebSocket.OPEN) this.misdeeds.push(`sent ${frame} to a socket that is not open`);
    this.sent.push(frame);
    this.bufferedAmount += frame.length;
    this.unwritten.push(written);
  }

  drain(): void {
    this.bufferedAmount = 0;
    for (const written of this.unwritten.splice(0)) written();
  }

  ping(): void {
    if (this.readyState !== WebSocket.OPEN) this.misdeeds.push('pinged a socket that is not open');
  }

  close(): void {
    this.readyState = WebSocket.CLOSING;
  }

  terminate(): void {
    this.readyState = WebSocket.CLOSED;
  }

  pause(): void {
    this.emit('paused');
  }

  resume(): void {
    this.emit('resumed');
  }
}

const identity = {
  userId: 'user',
  tenantId: 'tenant',
  sessionId: 'session',
  roles: [],
  expiresAt: new Date(Date.UTC(2030, 0)),
} as const;

/** A connection, what became of it, and what should have: the model. */
class World {
  readonly socket = new FakeSocket();
  readonly handled: string[] = [];
  readonly connection: Connection;
  state: ConnectionState = 'connecting';
  received = 0;
  badFrames = 0;
  private nowMs = 0;

  constructor() {
    const clock: Pick<Clock, 'now' | 'monotonicMs' | 'timestamp'> = {
      now: () => new Date(this.nowMs),
      timestamp: () => new Date(this.nowMs).toISOString(),
      monotonicMs: () => this.nowMs,
    };
    this.connection = new Connection({
      id: 'connection',
      socket: this.socket as unknown as WebSocket,
      transport: new Duplex(),
      clock: clock,
      boundThreadId: undefined,
      handle: ({ text = '' }) => {
        if (this.connection.isClosed()) this.socket.misdeeds.push(`handled ${text} after the close`);
        this.handled.push(text);
        return Promise.resolve();
      },
    });
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  check(): void {
    expect(this.connection.state).toBe(this.state);
    expect(this.socket.misdeeds).toEqual([]);
    // In the order they came, none twice, none left out in between.
    expect(this.handled).toEqual(this.handled.map((_, index) => `frame-${index + 1}`));
    const isServing =
      (this.state === 'ready' || this.state === 'draining') && this.socket.readyState === WebSocket.OPEN;
    if (isServing && this.socket.bufferedAmount < BUFFER_LOW_BYTES) expect(this.handled).toHaveLength(this.received);
    const notices = this.socket.sent.filter((frame) => !frame.includes('"error"'));
    if (notices.length > 0) expect(notices[0]).toBe('ready');
  }
}

type Step =
  | 'authenticated'
  | 'ready'
  | 'drain'
  | 'end'
  | 'refuse'
  | 'cut'
  | 'peer leaves'
  | 'peer is gone'
  | 'frame comes'
  | 'notice'
  | 'bad frame'
  | 'many bad frames'
  | 'long answer'
  | 'buffer drains';

/** Most of them leave a connection open: what goes wrong on one that lives takes several. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Step>('authenticated', 'ready') },
  { weight: 1, arbitrary: fc.constantFrom<Step>('drain', 'end', 'refuse', 'cut', 'peer leaves', 'peer is gone') },
  {
    weight: 20,
    arbitrary: fc.constantFrom<Step>('frame comes', 'notice', 'bad frame', 'long answer', 'buffer drains'),
  },
  { weight: 1, arbitrary: fc.constant<Step>('many bad frames') },
);

function badFrames(world: World, count: number): void {
  for (let bad = 0; bad < count && world.state !== 'closed'; bad += 1) {
    world.connection.fail(new AppError('invalid_json', 'no JSON'), { kind: 'frame' });
    world.badFrames += 1;
    if (world.badFrames === BAD_FRAMES_MAX) world.state = 'closed';
  }
}

/** What the gateway does, at any moment at which it may do it. */
function act(world: World, what: Step): void {
  const { connection, socket } = world;
  const isServing = world.state === 'ready' || world.state === 'draining';
  switch (what) {
    case 'authenticated':
      if (world.state !== 'connecting') return;
      connection.authenticated(identity);
      world.state = 'authenticated';
      return;
    case 'ready':
      if (world.state !== 'authenticated') return;
      connection.ready('ready');
      world.state = 'ready';
      return;
    case 'drain':
      connection.drain();
      if (world.state === 'ready') world.state = 'draining';
      return;
    case 'end':
    case 'refuse':
    case 'cut':
    case 'peer leaves':
      leave(world, what);
      return;
    case 'peer is gone':
      socket.readyState = WebSocket.CLOSED;
      return;
    case 'frame comes':
      if (world.state === 'closed') return;
      world.received += 1;
      connection.queue.push({ text: `frame-${world.received}`, bytes: 10 });
      return;
    case 'notice':
      if (isServing || world.state === 'authenticated') connection.send({ type: 'pong', server_time: 'now' });
      return;
    case 'bad frame':
      if (world.state !== 'closed') badFrames(world, 1);
      return;
    case 'many bad frames':
      badFrames(world, BAD_FRAMES_MAX - 1);
      return;
    case 'long answer':
      if (isServing) connection.send({ type: 'error', code: 'internal', message: 'x'.repeat(LONG), retryable: false });
      return;
    case 'buffer drains':
      socket.drain();
  }
}

function leave({ connection, socket }: World, how: 'end' | 'refuse' | 'cut' | 'peer leaves'): void {
  if (how === 'end') connection.end(1000, 'idle');
  else if (how === 'refuse') connection.refuse(new AppError('token_expired', 'expired'));
  else if (how === 'cut') connection.cut();
  else {
    socket.readyState = WebSocket.CLOSED;
    connection.release();
  }
}

describe('a connection', () => {
  it('goes its way from connecting to closed, whatever happens when: in order, and nothing to a socket that is not open', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const world = new World();
        for (const what of steps) {
          act(world, what);
          if (['end', 'refuse', 'cut', 'peer leaves'].includes(what)) world.state = 'closed';
          world.pass(10);
          await turn();
          world.check();
        }
        // The end comes for every connection, and leaves nothing in its queue.
        world.connection.release();
        expect(world.connection.queue.size).toBe(0);
        expect(world.connection.isClosed()).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
