import type { SubscribedThread, SubscribeFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { SessionRecovery } from '../auth/session-recovery.js';
import type { SubscribeResult } from '../events/thread-subscriptions.js';
import { Installation } from '../persistence/installation.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** Follows threads. The answer goes out before the first event that is replayed, hence through `caller.answer`. */
@Injectable()
export class SubscribeHandler implements FrameHandler<'subscribe'> {
  constructor(
    private readonly installation: Installation,
    private readonly recovery: SessionRecovery,
  ) {}

  async handle(frame: SubscribeFrame, caller: Caller): Promise<undefined> {
    const answer = (results: readonly SubscribeResult[]): void => {
      const followed = results.filter((result) => !('error' in result)).map(({ threadId }) => threadId);
      this.recovery.followed(caller.identity, followed);
      caller.answer({ type: 'subscribed', threads: results.map(subscribedThread), log_id: this.installation.logId() });
    };
    const requests = (frame.threads ?? []).map((position) => ({
      threadId: position.thread_id,
      afterSeq: position.after_seq,
      logId: position.log_id,
    }));
    if (requests.length === 0) answer([]);
    // First the threads with a position: what following all would send of them comes from there.
    if (requests.length > 0) await caller.subscriptions.subscribe(requests, answer);
    if (frame.all === true) {
      await caller.subscriptions.followAll();
      this.recovery.followed(caller.identity, 'all');
    }
    return undefined;
  }
}

const subscribedThread = (result: SubscribeResult): SubscribedThread =>
  'error' in result
    ? { thread_id: result.threadId, error: result.error }
    : { thread_id: result.threadId, last_seq: result.lastSeq };
