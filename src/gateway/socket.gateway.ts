import type { IncomingMessage } from 'node:http';
import { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { ConnectionManager } from './connection-manager.js';
import { Connection } from './connection.js';
import { SUBPROTOCOL } from './credential.js';
import { EarlyFrames } from './early-frames.js';
import { FrameDispatcher } from './frame-dispatcher.js';
import type { ReceivedFrame } from './frame-queue.js';
import { handshakeOf, type Handshake } from './handshake.js';
import { refuseUpgrade } from './upgrade-answer.js';
import { UpgradePolicy } from './upgrade-policy.js';

const TRANSPORT_LIMIT_BYTES = 256 * 1024;
/** How long a peer may take to answer our close; ws would give it 30 s. */
const CLOSE_TIMEOUT_MS = 2_000;

/** The door at /ws: turns upgrade requests into connections, and what comes out of their sockets into frames. */
@Injectable()
export class SocketGateway implements OnModuleInit {
  private readonly sockets: WebSocketServer;
  private httpServer: Server | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly policy: UpgradePolicy,
    private readonly manager: ConnectionManager,
    private readonly early: EarlyFrames,
    private readonly dispatcher: FrameDispatcher,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    const options = {
      noServer: true,
      clientTracking: false,
      // 226 KB a connection with, 3.5 KB without.
      perMessageDeflate: false,
      maxPayload: TRANSPORT_LIMIT_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : (false as const)),
    };
    this.sockets = new WebSocketServer(options);
  }

  /** Without an HTTP server (a command, a worker) there is no door. */
  onModuleInit(): void {
    this.httpServer = httpServerOf(this.host);
    this.httpServer?.on('upgrade', this.onUpgrade);
  }

  /** No more upgrades: called once every connection is closed. */
  close(): void {
    this.httpServer?.off('upgrade', this.onUpgrade);
    this.sockets.close();
  }

  private readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A peer that resets the line while its upgrade is refused must not end the process.
    const destroy = (): void => {
      socket.destroy();
    };
    socket.on('error', destroy);
    const handshake = handshakeOf(request);
    const objection = this.policy.objection(request, handshake?.path);
    if (objection !== undefined || handshake === undefined) {
      refuseUpgrade(socket, objection ?? new AppError('not_found', 'The request names no path.'));
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', destroy);
      this.accept(webSocket, socket, handshake);
    });
  };

  private accept(socket: WebSocket, transport: Duplex, handshake: Handshake): void {
    const connection: Connection = new Connection({
      id: this.ids.next(),
      socket,
      transport,
      clock: this.clock,
      boundThreadId: handshake.boundThreadId,
      handle: (frame) => this.dispatcher.dispatch(connection, frame),
    });
    this.manager.add(connection);
    socket.on('message', (data, isBinary) => this.receive(connection, handshake, received(data, isBinary)));
    socket.on('pong', () => connection.alive());
    socket.on('error', () => {
      connection.channel.counters.errors += 1;
    });
    socket.on('close', () => {
      connection.release();
      this.manager.remove(connection);
    });
    this.early.begin(connection, handshake);
  }

  private receive(connection: Connection, handshake: Handshake, frame: ReceivedFrame): void {
    if (connection.isClosed()) return;
    connection.channel.noteFrameIn(frame.bytes);
    connection.alive();
    if (connection.isServing) connection.queue.push(frame);
    else this.early.take(connection, handshake, frame);
  }
}

/** Nest's types promise an adapter; an application without HTTP has none. */
function httpServerOf(host: { readonly httpAdapter?: { getHttpServer(): unknown } }): Server | undefined {
  const server = host.httpAdapter?.getHttpServer();
  return server instanceof Server ? server : undefined;
}

/** ws hands text frames over as one Buffer, already checked to be UTF-8. */
function received(data: RawData, isBinary: boolean): ReceivedFrame {
  if (!Buffer.isBuffer(data)) return { text: undefined, bytes: 0 };
  return { text: isBinary ? undefined : data.toString('utf8'), bytes: data.length };
}
