import type { MessageAcceptedFrame, UserMessageFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../context/json.js';
import { Admission } from '../runs/admission.js';
import { Ids } from '../telemetry/ids.js';
import { MessageRate } from '../threads/message-rate.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** A question to the agents: once answered, its run comes to an end whatever happens. */
@Injectable()
export class UserMessageHandler implements FrameHandler<'user_message'> {
  constructor(
    private readonly admission: Admission,
    private readonly rate: MessageRate,
    private readonly ids: Ids,
  ) {}

  /** The sender reads message_accepted before the first event of the run. */
  async handle(frame: UserMessageFrame, caller: Caller): Promise<undefined> {
    this.rate.take(caller.identity.userId, 'message');
    await caller.subscriptions.holding(async () => caller.answer(await this.submit(frame, caller)));
  }

  private async submit(frame: UserMessageFrame, caller: Caller): Promise<MessageAcceptedFrame> {
    const accepted = await this.admission.submit(caller.identity, {
      text: frame.text,
      threadId: frame.thread_id ?? caller.boundThreadId,
      messageId: frame.message_id,
      ifBusy: frame.if_busy,
      agent: frame.agent,
      priority: frame.priority,
      metadata: isJsonObject(frame.metadata) ? frame.metadata : undefined,
      requestId: this.ids.next(),
      connectionId: caller.connectionId,
    });
    return {
      type: 'message_accepted',
      thread_id: accepted.threadId,
      message_id: accepted.messageId,
      run_id: accepted.runId,
      state: accepted.state,
      ...(accepted.position === undefined ? {} : { position: accepted.position }),
      duplicate: accepted.duplicate,
    };
  }
}
