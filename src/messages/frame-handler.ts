import type { AnsweredFrameType, AnswerTo, ClientFrameType } from '@goldenpath/protocol';
import type { Caller } from './caller.js';
import type { FrameOf } from './frame-schemas.js';

/** The answer to a frame; `undefined` when there is none, or when it was sent through `caller.answer`. */
export type FrameAnswer<Type extends ClientFrameType> =
  (Type extends AnsweredFrameType ? AnswerTo<Type> : never) | undefined;

/** Handles one type of client frame. Throws AppError; the answer to the frame is then that error. */
export interface FrameHandler<Type extends ClientFrameType> {
  handle(frame: FrameOf<Type>, caller: Caller): FrameAnswer<Type> | Promise<FrameAnswer<Type>>;
}
