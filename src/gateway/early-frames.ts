import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { parseFrame } from '../messages/message-router.js';
import { Clock } from '../telemetry/clock.js';
import { ConnectionOpening } from './connection-opening.js';
import type { Connection } from './connection.js';
import { decodeFrame, type DecodedFrame } from './decode-frame.js';
import type { ReceivedFrame } from './frame-queue.js';
import type { Handshake } from './handshake.js';

const EARLY_FRAMES_MAX = 50;
const EARLY_BYTES_MAX = 64 * 1024;

/**
 * What a client sends before connection_ready is kept in order and handled after it. Only `authenticate`, and only
 * where no token came with the upgrade, is acted on at once.
 */
@Injectable()
export class EarlyFrames {
  constructor(
    private readonly configuration: Configuration,
    private readonly opening: ConnectionOpening,
    private readonly clock: Clock,
  ) {}

  /** Opens the connection with the token of its upgrade, or starts the time in which one must come. */
  begin(connection: Connection, { credential, follow }: Handshake): void {
    if (credential.kind === 'none') {
      connection.authDeadlineMs = this.clock.monotonicMs() + this.configuration.socket.authTimeoutMs;
    } else {
      void this.opening.open(connection, { credential, follow, target: { kind: 'frame' } });
    }
  }

  take(connection: Connection, handshake: Handshake, frame: ReceivedFrame): void {
    // The deadline stands as long as a token is awaited; from the first authenticate on, frames just wait.
    const isAwaited = connection.authDeadlineMs !== undefined;
    const authenticate = isAwaited ? this.asAuthenticate(frame) : undefined;
    if (authenticate !== undefined) this.authenticate(connection, handshake, authenticate);
    else this.keep(connection, frame);
  }

  private authenticate(connection: Connection, { follow }: Handshake, frame: DecodedFrame): void {
    try {
      const { token, user_id: userId } = parseFrame('authenticate', frame.fields);
      const claim = { userId, deadlineMs: connection.authDeadlineMs };
      connection.authDeadlineMs = undefined;
      void this.opening.open(connection, { credential: { kind: 'token', token }, follow, target: frame.target, claim });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      connection.fail(error, frame.target);
    }
  }

  private keep(connection: Connection, frame: ReceivedFrame): void {
    const { queue } = connection;
    if (queue.size >= EARLY_FRAMES_MAX || queue.bytes + frame.bytes > EARLY_BYTES_MAX) {
      const message = `Before connection_ready at most ${EARLY_FRAMES_MAX} frames and ${EARLY_BYTES_MAX} bytes are kept.`;
      this.opening.refuse(connection, new AppError('too_many_early_frames', message));
    } else {
      queue.push(frame);
    }
  }

  private asAuthenticate({ text }: ReceivedFrame): DecodedFrame | undefined {
    if (text === undefined) return undefined;
    const decoded = decodeFrame(text, this.configuration.socket.maxMessageBytes);
    return 'type' in decoded && decoded.type === 'authenticate' ? decoded : undefined;
  }
}
