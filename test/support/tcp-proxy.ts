import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A server on loopback in front of another one, to take that one "away" and bring it back without touching it. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  /** The first bytes of each connection, by which a mark is found. */
  private readonly openings = new Map<Socket, Buffer>();
  private refusedMark: string | undefined;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  /** Starts to listen, on the same port as before if it did before; answers the port. Does nothing while it is open. */
  async open(): Promise<number> {
    if (this.server !== undefined) return this.port;
    const server = createServer((client) => {
      const upstream = connect(this.target);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.sockets.delete(socket);
          this.openings.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.once('data', (opening: Buffer) => this.look(client, opening));
      client.pipe(upstream).pipe(client);
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    // A test that fails before it closes its proxy must not keep the whole run from ending.
    server.unref();
    const address = server.address();
    if (address !== null && typeof address !== 'string') this.port = address.port;
    this.server = server;
    return this.port;
  }

  /** Cuts the connections that opened with this text (PostgreSQL: application_name) and refuses new ones, until `admitAll`. */
  refuse(mark: string): void {
    this.refusedMark = mark;
    for (const [client, opening] of [...this.openings]) this.look(client, opening);
  }

  admitAll(): void {
    this.refusedMark = undefined;
  }

  private look(client: Socket, opening: Buffer): void {
    this.openings.set(client, opening);
    if (this.refusedMark !== undefined && opening.includes(this.refusedMark)) client.destroy();
  }

  /** Cuts all connections and refuses new ones. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
