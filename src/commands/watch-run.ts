import type { GoldenpathClient, RunHandle } from '@goldenpath/client';
import type { RunCompletedEvent } from '@goldenpath/protocol';
import { eventLine } from './print-event.js';
import { say } from './terminal.js';

/** Asks, prints every event as it comes, and gives the final one. `onAccepted` gets the run as soon as the server has it. */
export async function askAndWatch(
  client: GoldenpathClient,
  question: { text: string; threadId?: string | undefined },
  onAccepted: (run: RunHandle) => void = () => undefined,
): Promise<RunCompletedEvent> {
  const { text, threadId } = question;
  const run = await client.ask(text, threadId === undefined ? {} : { threadId });
  onAccepted(run);
  for await (const event of run) say(eventLine(event));
  return run.result();
}
