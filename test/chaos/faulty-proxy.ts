import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';

export const LINK_FAULTS = ['cut', 'delay', 'throttle', 'half_open'] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];

const SLICE_MS = 50;
/** So long the last bytes of one side may take to reach the other. */
const LINGER_MS = 2_000;

/** A connection on its way through: what came in at one side waits, in order, to go out at the other. */
class Link {
  private delayMs = 0;
  private bytesPerSecond = Number.POSITIVE_INFINITY;
  private bytesUntilCut = Number.POSITIVE_INFINITY;
  private halfOpen = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
  ) {
    this.join(client, server);
    this.join(server, client);
  }

  apply(fault: LinkFault, random: Random): void {
    switch (fault) {
      case 'cut':
        this.bytesUntilCut = random.between(0, 20_000);
        return;
      case 'delay':
        this.delayMs = random.between(20, 1_500);
        return;
      case 'throttle':
        this.bytesPerSecond = random.between(500, 20_000);
        return;
      case 'half_open':
        this.halfOpen = true;
        return;
    }
  }

  /** From now on like a good network. A link that is half open stays so: nobody told its ends. */
  heal(): void {
    this.delayMs = 0;
    this.bytesPerSecond = Number.POSITIVE_INFINITY;
    this.bytesUntilCut = Number.POSITIVE_INFINITY;
    if (this.halfOpen) this.destroy();
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private join(from: Socket, to: Socket): void {
    let line = Promise.resolve();
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      from.pause();
      line = line.then(() => this.pass(chunk, to)).then(() => void from.resume());
    });
    from.on('close', () => {
      // Of a half-open connection the other side hears nothing.
      if (!this.halfOpen) void Promise.race([line, pause(LINGER_MS)]).then(() => to.destroy());
    });
  }

  private async pass(chunk: Buffer, to: Socket): Promise<void> {
    if (this.delayMs > 0) await pause(this.delayMs);
    for (let rest = chunk; rest.length > 0 && !to.destroyed && !this.halfOpen;) {
      const size = Math.max(1, Math.min(rest.length, Math.ceil((this.bytesPerSecond * SLICE_MS) / 1_000)));
      const slice = rest.subarray(0, Math.min(size, this.bytesUntilCut));
      this.bytesUntilCut -= slice.length;
      const isTaken = to.write(slice);
      if (this.bytesUntilCut <= 0) {
        this.cut(to);
        return;
      }
      rest = rest.subarray(slice.length);
      // A reader that does not read must be felt by the server.
      if (!isTaken) await drained(to);
      if (rest.length > 0) await pause(SLICE_MS);
    }
  }

  /** What was written still arrives, the rest never does. */
  private cut(to: Socket): void {
    const other = to === this.client ? this.server : this.client;
    to.end();
    other.resetAndDestroy();
  }
}

/** Resolves when there is room again, or when there is nobody any more. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    if (socket.destroyed) resolve();
    else socket.on('drain', done).on('close', done);
  });
}

/** Stands between clients and one server, and is the bad network. */
export class FaultyProxy {
  private readonly links = new Set<Link>();
  private server: Server | undefined;

  constructor(private readonly targetPort: number) {}

  /** Answers the port that it listens on. */
  async open(): Promise<number> {
    const server = createServer((client) => this.accept(client));
    this.server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return address.port;
  }

  /** False when there is no connection to do it to. */
  apply(fault: LinkFault, random: Random): boolean {
    const links = [...this.links];
    if (links.length === 0) return false;
    random.pick(links).apply(fault, random);
    return true;
  }

  heal(): void {
    for (const link of this.links) link.heal();
  }

  close(): void {
    this.server?.close();
    for (const link of this.links) link.destroy();
  }

  private accept(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.targetPort });
    const link = new Link(client, server);
    this.links.add(link);
    client.on('close', () => this.links.delete(link));
    server.on('close', () => {
      if (client.destroyed) this.links.delete(link);
    });
  }
}
