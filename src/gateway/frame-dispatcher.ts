import { CLOSE_CODES, type AnswerFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import type { Caller } from '../messages/caller.js';
import { MessageRouter } from '../messages/message-router.js';
import { MessageRate } from '../threads/message-rate.js';
import type { Connection } from './connection.js';
import { decodeFrame } from './decode-frame.js';
import type { ReceivedFrame } from './frame-queue.js';
import { answerText, TO_NO_FRAME, type ReplyTarget } from './reply-target.js';

/** One frame of a ready connection, from its text to its answer. Every frame that wants one gets one: the answer or an error. */
@Injectable()
export class FrameDispatcher {
  constructor(
    private readonly configuration: Configuration,
    private readonly router: MessageRouter,
    private readonly rate: MessageRate,
    private readonly unexpected: UnexpectedErrors,
  ) {}

  async dispatch(connection: Connection, received: ReceivedFrame): Promise<void> {
    let target = TO_NO_FRAME;
    try {
      if (received.text === undefined) throw new AppError('invalid_frame', 'Frames are text; this one is binary.');
      const decoded = decodeFrame(received.text, this.configuration.socket.maxMessageBytes);
      target = decoded.target;
      const caller = callerOf(connection, target);
      this.rate.take(caller.identity.userId, 'frame');
      if ('error' in decoded) throw decoded.error;
      const answer = await this.router.route(decoded.type, decoded.fields, caller);
      if (!caller.hasAnswered) caller.finish(answer);
    } catch (error) {
      this.fail(connection, this.unexpected.toAppError(error), target);
    }
  }

  private fail(connection: Connection, error: AppError, target: ReplyTarget): void {
    connection.fail(error, target);
    const userId = connection.identity?.userId;
    if (error.code === 'rate_limited' && userId !== undefined && this.rate.isFlooding(userId)) {
      connection.end(CLOSE_CODES.flooding, 'over the limit for a minute');
    }
  }
}

interface AnsweringCaller extends Caller {
  readonly hasAnswered: boolean;
  finish(answer: AnswerFrame | undefined): void;
}

function callerOf(connection: Connection, target: ReplyTarget): AnsweringCaller {
  const { identity, subscriptions } = connection;
  if (identity === undefined || subscriptions === undefined)
    throw new Error('a frame of a connection that is not ready');
  let hasAnswered = false;
  const finish = (answer: AnswerFrame | undefined): void => {
    hasAnswered = true;
    const text = answerText(target, answer);
    if (text !== undefined) connection.channel.send(text);
  };
  return {
    identity,
    subscriptions,
    connectionId: connection.id,
    boundThreadId: connection.boundThreadId,
    get hasAnswered() {
      return hasAnswered;
    },
    answer: finish,
    finish,
    renew: (renewed) => connection.renew(renewed),
  };
}
