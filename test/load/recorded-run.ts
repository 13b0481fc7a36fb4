import { checked, QUESTION } from './closed-loop.js';
import { LoadClient } from './load-client.js';

/** The frames of a connection and of one run on it, as the server sent them. */
export interface RecordedRun {
  readonly onOpen: readonly string[];
  readonly onMessage: readonly string[];
}

/** Asks once and keeps what the server sends: what the bare server sends again. */
export async function recordRun(socketUrl: string, token: string): Promise<RecordedRun> {
  const client = await LoadClient.open(socketUrl, token);
  const onMessage: string[] = [];
  client.onFrame = (text) => onMessage.push(text);
  checked(await client.ask(QUESTION));
  await client.close();
  return { onOpen: [JSON.stringify({ type: 'connection_ready', connection_ready: true })], onMessage };
}
