import { GoldenpathError, type GoldenpathClient, type RunHandle } from '@goldenpath/client';
import type { Prompt } from './prompt.js';
import { failureText, say, sayRule, sayText } from './terminal.js';
import { askAndWatch } from './watch-run.js';

const NEW = '/new';

/** Question, events, answer, and again. Questions of one conversation go into one thread. */
export class Chat {
  private threadId: string | undefined;
  private running: RunHandle | undefined;

  constructor(
    private readonly client: GoldenpathClient,
    private readonly prompt: Prompt,
  ) {}

  /** Resolves at the end of the input, and at Ctrl-C while nothing is being answered. */
  async run(): Promise<void> {
    this.prompt.onInterrupt(() => this.interrupt());
    for (;;) {
      const text = (await this.prompt.ask('\n> '))?.trim();
      if (text === undefined) return;
      if (text === NEW) this.threadId = undefined;
      else if (text !== '') await this.answer(text);
    }
  }

  private async answer(text: string): Promise<void> {
    try {
      const final = await askAndWatch(this.client, { text, threadId: this.threadId }, (run) => {
        this.running = run;
        this.threadId = run.threadId;
      });
      sayRule(final.status === 'completed' ? 'the answer' : final.status);
      sayText(final.response);
    } catch (error) {
      // The server refused this question; another one may do.
      if (!(error instanceof GoldenpathError)) throw error;
      say(failureText(error));
    } finally {
      this.running = undefined;
    }
  }

  private interrupt(): void {
    const { running } = this;
    if (running === undefined) this.prompt.close();
    else running.cancel().catch((error: unknown) => say(failureText(error)));
  }
}
