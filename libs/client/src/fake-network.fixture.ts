import type { ClientFrame, ConnectionReadyFrame, ServerFrame } from '@goldenpath/protocol';
import type { WebSocketLike } from './web-socket.js';

interface SocketEvents {
  message: { data: unknown };
  close: { code: number; reason: string };
  error: { message: string };
}

type Listener = (event: never) => void;

export function readyFrame(logId = 'log'): ConnectionReadyFrame {
  return {
    type: 'connection_ready',
    connection_ready: true,
    user_id: 'u',
    tenant_id: 'n',
    connection_id: 'c',
    session_id: 's',
    log_id: logId,
    server_time: '',
    server_version: '1',
    limits: { max_message_bytes: 8192, messages_per_minute: 100, concurrent_runs: 3, queued_runs: 20 },
    heartbeat: { interval_ms: 15_000, timeout_ms: 45_000 },
    critical_events: [],
    mode: 'full',
    degraded: [],
    capabilities: [],
  };
}

/** The client's end of a connection, played by the test as the server. */
export class FakeSocket implements WebSocketLike {
  readonly sent: ClientFrame[] = [];
  closedWith: number | undefined;
  private readonly listeners = new Map<string, Listener[]>();

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(code = 1005): void {
    this.closedWith = code;
  }

  addEventListener(type: keyof SocketEvents, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  deliver(...frames: ServerFrame[]): void {
    for (const frame of frames) this.deliverText(JSON.stringify(frame));
  }

  deliverText(text: unknown): void {
    this.emit('message', { data: text });
  }

  drop(code = 1006, reason = ''): void {
    this.emit('close', { code, reason });
  }

  fail(message: string): void {
    this.emit('error', { message });
    this.drop();
  }

  ofType<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
  }

  /** The newest frame of a type that the client sent. */
  last<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }> {
    const frame = this.ofType(type).at(-1);
    if (frame === undefined) throw new Error(`No ${type} was sent`);
    return frame;
  }

  private emit<Name extends keyof SocketEvents>(name: Name, event: SocketEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) (listener as (event: SocketEvents[Name]) => void)(event);
  }
}

/** Where the client's sockets come out. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  readonly webSocket: new (url: string, protocols: string[]) => FakeSocket;

  constructor() {
    const { sockets } = this;
    this.webSocket = class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('The client opened no socket');
    return socket;
  }
}

/** Lets every promise that can go on go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
