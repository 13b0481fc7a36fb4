import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { cutWhenSilent } from '../persistence/cut-when-silent.js';
import type { Logger } from '../telemetry/logger.js';
import { Broadcast, type BroadcastMessage } from './broadcast.js';
import { openEnvelope, packEnvelopes } from './broadcast-envelope.js';
import { BroadcastOutbox } from './broadcast-outbox.js';
import { UnansweredLimit } from './unanswered-limit.js';

const CHANNEL = 'goldenpath_events';
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_BYTES_MAX = 7_900;
const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

/** Fan-out by LISTEN and NOTIFY, on a connection of its own: NOTIFY inside the append would cost more than half of the throughput. */
export class PostgresBroadcast extends Broadcast {
  readonly check = undefined;
  /** This process, so that it does not hear itself. */
  private readonly self = randomUUID();
  private client: pg.Client | undefined;
  private receive: (message: BroadcastMessage) => void = () => undefined;
  private readonly stopping = new AbortController();
  private readonly unanswered = new UnansweredLimit();
  private readonly outbox = new BroadcastOutbox((messages) => this.transmit(messages));

  constructor(
    private readonly connectionUrl: () => string,
    private readonly logger: Logger,
  ) {
    super();
  }

  async start(receive: (message: BroadcastMessage) => void): Promise<void> {
    this.receive = receive;
    await this.connect();
  }

  send(message: BroadcastMessage): void {
    this.outbox.put(message);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.outbox.close();
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.connectionUrl(),
      keepAlive: true,
      keepAliveInitialDelayMillis: 1_000,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'goldenpath-broadcast',
    });
    client.on('notification', ({ payload = '' }) => {
      for (const message of openEnvelope(payload, this.self)) this.receive(message);
    });
    client.on('error', (error) => this.logger.warn('broadcast_connection_lost', { error }));
    client.on('end', () => void this.reconnect(client));
    try {
      await client.connect();
      cutWhenSilent(client.connection.stream, () => client.query('SELECT 1'));
      await client.query(`LISTEN ${CHANNEL}`);
      this.stopping.signal.throwIfAborted();
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
  }

  /** What was announced meanwhile is lost; the position check finds it. */
  private async reconnect(lost: pg.Client): Promise<void> {
    if (this.client !== lost) return;
    this.client = undefined;
    for (;;) {
      await delay(RECONNECT_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted || (await this.isConnected())) return;
    }
  }

  private async isConnected(): Promise<boolean> {
    try {
      await this.connect();
      return true;
    } catch {
      return false;
    }
  }

  private transmit(messages: readonly BroadcastMessage[]): void {
    const { client } = this;
    if (client === undefined) return;
    for (const payload of packEnvelopes(this.self, messages, PAYLOAD_BYTES_MAX)) {
      this.unanswered
        .send(payload, () => client.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]))
        .catch((error: unknown) => this.logger.debug('broadcast_dropped', { error }));
    }
  }
}
