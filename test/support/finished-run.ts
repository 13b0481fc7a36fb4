import { z } from 'zod';
import type { SocketClient } from './socket.js';

export const accepted = z.object({ thread_id: z.string(), run_id: z.string() });

export interface FinishedRun {
  readonly threadId: string;
  readonly runId: string;
  /** The events of the thread as they came, each the text of its frame. */
  readonly texts: readonly string[];
}

const RUN_MS = 30_000;

/** Asks on a connection that follows the thread, and waits for the final event. */
export async function finishRun(client: SocketClient, text = 'Analyze my AI costs'): Promise<FinishedRun> {
  const { thread_id: threadId, run_id: runId } = accepted.parse(await client.ask({ type: 'user_message', text }));
  await finalEvent(client, runId);
  return { threadId, runId, texts: eventTexts(client, threadId) };
}

/** Waits until the run's last event has come. */
export const finalEvent = (client: SocketClient, runId: string) =>
  client.next((frame) => frame.type === 'agent_completed' && frame.final === true && frame.run_id === runId, RUN_MS);

/** The events of a thread that a client got, byte for byte, in order. */
export const eventTexts = (client: SocketClient, threadId: string): string[] =>
  client.texts.filter((_text, index) => {
    const frame = client.frames[index];
    return frame?.seq !== undefined && frame.thread_id === threadId;
  });
