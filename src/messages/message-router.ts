import type { AnswerFrame, ClientFrameType } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { validationFailed } from '../errors/validation-failed.js';
import { MessageRate } from '../threads/message-rate.js';
import type { Caller } from './caller.js';
import { FrameHandlers, type HandlerTable } from './frame-handlers.js';
import { FRAME_SCHEMAS, type FrameOf } from './frame-schemas.js';

/** Frames that cost no question to the database. */
const CHEAP: readonly ClientFrameType[] = ['ping', 'heartbeat', 'ack', 'unsubscribe'];
/** Where older clients wrap their fields. */
const ENVELOPES = ['payload', 'data'] as const;

/** From a decoded frame to its handler: whose it is, its shape, its answer. */
@Injectable()
export class MessageRouter {
  private readonly handlers: HandlerTable;

  constructor(
    handlers: FrameHandlers,
    private readonly rate: MessageRate,
  ) {
    this.handlers = handlers satisfies HandlerTable;
  }

  /** Answers the frame, or `undefined` when there is no answer (or it was sent already). Throws AppError. */
  async route<Type extends ClientFrameType>(
    type: Type,
    fields: JsonObject,
    caller: Caller,
  ): Promise<AnswerFrame | undefined> {
    refuseForeignUser(fields, caller);
    const frame = parseFrame(type, fields);
    if (!CHEAP.includes(type)) this.rate.take(caller.identity.userId, 'command');
    return this.handlers[type].handle(frame, caller);
  }
}

/** The frame as its type says it must be. Throws validation_failed with details.issues. */
export function parseFrame<Type extends ClientFrameType>(type: Type, fields: JsonObject): FrameOf<Type> {
  const parsed = FRAME_SCHEMAS[type].safeParse({ ...fields, type });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return parsed.data;
}

function refuseForeignUser(fields: JsonObject, caller: Caller): void {
  for (const place of [fields, ...ENVELOPES.map((name) => fields[name])]) {
    if (!isJsonObject(place) || !Object.hasOwn(place, 'user_id') || place.user_id === null) continue;
    if (place.user_id !== caller.identity.userId) {
      throw new AppError('user_mismatch', 'The frame names another user than the authenticated one.');
    }
  }
}
