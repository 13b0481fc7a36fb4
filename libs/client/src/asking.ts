import type { IfBusy, MessageAcceptedFrame, RunPriority } from '@goldenpath/protocol';
import type { Cursors } from './cursors.js';
import { GoldenpathError } from './goldenpath-error.js';
import type { Settings } from './options.js';
import type { Requests } from './requests.js';
import { Run, type RunHandle } from './run.js';
import type { Runs } from './runs.js';
import type { Subscriptions } from './subscriptions.js';

export interface AskOptions {
  /** Absent: a new thread. */
  threadId?: string;
  /** Made when absent. The same id again, from any client of the user, is the same run. */
  messageId?: string;
  ifBusy?: IfBusy;
  agent?: string;
  priority?: RunPriority;
  metadata?: Record<string, unknown>;
}

interface Parts {
  settings: Settings;
  requests: Requests;
  cursors: Cursors;
  subscriptions: Subscriptions;
  runs: Runs;
}

/** Sends messages, and sees to it that each run's events are had from the first one on. */
export class Asking {
  constructor(private readonly parts: Parts) {}

  async ask(text: string, options: AskOptions): Promise<RunHandle> {
    const { runs, subscriptions } = this.parts;
    if (options.threadId !== undefined) await subscriptions.goLive(options.threadId);
    const { run, fromStart } = await runs.whileAsking(() => this.submit(text, options));
    if (fromStart) await this.followFromStart(run);
    return run;
  }

  private submit(text: string, options: AskOptions): Promise<{ run: Run; fromStart: boolean }> {
    const { threadId, messageId, ifBusy, agent, priority, metadata } = options;
    // The id makes it the same message when it is sent again after a lost connection.
    const id = messageId ?? this.parts.settings.newId();
    const fields = { text, thread_id: threadId, message_id: id, if_busy: ifBusy, agent, priority, metadata };
    const onAnswer = (answer: MessageAcceptedFrame): { run: Run; fromStart: boolean } => this.accept(answer);
    return this.parts.requests.send('user_message', fields, { onAnswer, repeatable: true });
  }

  private accept(answer: MessageAcceptedFrame): { run: Run; fromStart: boolean } {
    const { runs, requests, cursors, settings } = this.parts;
    const run = new Run(answer, {
      maxQueuedEvents: settings.maxQueuedEvents,
      cancel: (runId) =>
        requests.send('cancel_run', { run_id: runId }, { onAnswer: (cancelling) => cancelling, repeatable: true }),
    });
    runs.add(run);
    return { run, fromStart: !cursors.has(run.threadId) || runs.mayHaveMissed(run) };
  }

  private async followFromStart(run: Run): Promise<void> {
    try {
      await this.parts.subscriptions.follow(run.threadId, 0);
    } catch (cause) {
      const error = GoldenpathError.from(cause);
      this.parts.runs.fail(run, error);
      throw error;
    }
  }
}
