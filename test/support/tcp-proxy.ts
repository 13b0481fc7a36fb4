import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A server on loopback in front of another one, to take that one "away" and bring it back without touching it. */
export class TcpProxy {
  /** From us to the target, by the connection that they belong to. */
  private readonly upstreams = new Map<Socket, Socket>();
  /** The first bytes of each connection, by which a mark is found. */
  private readonly openings = new Map<Socket, Buffer>();
  private refusedMark: string | undefined;
  private isSilent = false;
  private swallowed = 0;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  /** Starts to listen, on the same port as before if it did before; answers the port. Does nothing while it is open. */
  async open(): Promise<number> {
    if (this.server !== undefined) return this.port;
    const server = createServer((client) => this.pass(client));
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    // A test that fails before it closes its proxy must not keep the whole run from ending.
    server.unref();
    const address = server.address();
    if (address !== null && typeof address !== 'string') this.port = address.port;
    this.server = server;
    return this.port;
  }

  /** What clients sent to connections that had fallen silent. */
  get swallowedBytes(): number {
    return this.swallowed;
  }

  /** Cuts the connections that opened with this text (PostgreSQL: application_name) and refuses new ones, until `admitAll`. */
  refuse(mark: string): void {
    this.refusedMark = mark;
    for (const [client, opening] of [...this.openings]) this.look(client, opening);
  }

  /**
   * As a network that drops everything and tells nobody: what is sent over a connection is lost, either way and for good. New ones
   * are taken, and are as silent, until `admitAll`.
   */
  fallSilent(): void {
    this.isSilent = true;
    for (const [client, upstream] of this.upstreams) {
      for (const socket of [client, upstream]) socket.unpipe();
      this.swallow(client);
      upstream.resume();
    }
  }

  admitAll(): void {
    this.refusedMark = undefined;
    this.isSilent = false;
  }

  /** Cuts all connections and refuses new ones. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const client of this.upstreams.keys()) client.destroy();
    await closed;
  }

  private pass(client: Socket): void {
    const upstream = connect(this.target);
    this.upstreams.set(client, upstream);
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.upstreams.delete(client);
        this.openings.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
    if (this.isSilent) {
      this.swallow(client);
      return;
    }
    client.once('data', (opening: Buffer) => this.look(client, opening));
    client.pipe(upstream).pipe(client);
  }

  private swallow(client: Socket): void {
    client.on('data', ({ length }: Buffer) => {
      this.swallowed += length;
    });
    client.resume();
  }

  private look(client: Socket, opening: Buffer): void {
    this.openings.set(client, opening);
    if (this.refusedMark !== undefined && opening.includes(this.refusedMark)) client.destroy();
  }
}
