import { checkRunGrammar, type ThreadEvent } from '@goldenpath/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, eventTexts, finalEvent } from '../support/finished-run.js';
import { ServerProcess } from '../support/server-process.js';
import { PASSWORD } from '../support/server.js';
import { SocketClient } from '../support/socket.js';

let store: TestDatabase;
let environment: Record<string, string>;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  environment = ServerProcess.environment(store.url);
});
afterAll(async () => {
  // Those that a failed test left behind; the others are gone already.
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await store.drop();
});

async function startServer(): Promise<ServerProcess> {
  const server = await ServerProcess.start(environment);
  started.push(server);
  return server;
}

async function register(url: string, email: string): Promise<string> {
  const body = JSON.stringify({ email, password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/auth/register`, { method: 'POST', headers, body });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

async function connect(url: string, token: string, query = ''): Promise<SocketClient> {
  const socketUrl = `${url.replace('http', 'ws')}/ws${query}`;
  const client = await SocketClient.open(socketUrl, { headers: { authorization: `Bearer ${token}` } });
  await client.next('connection_ready');
  return client;
}

const toolCall = z.object({ type: z.literal('tool_completed'), success: z.boolean(), tool_call_id: z.string() });
const execution = z.object({
  type: z.literal('tool_executing'),
  tool_call_id: z.string(),
  tool: z.string(),
  agent_path: z.array(z.string()),
  parameters: z.unknown(),
});

/** Calls that came to a good end, as agent, tool and parameters: two alike would be one that ran twice. */
function succeededCalls(events: readonly unknown[]): string[] {
  const good = new Set(
    events.flatMap((event) => {
      const parsed = toolCall.safeParse(event);
      return parsed.success && parsed.data.success ? [parsed.data.tool_call_id] : [];
    }),
  );
  return events.flatMap((event) => {
    const parsed = execution.safeParse(event);
    if (!parsed.success || !good.has(parsed.data.tool_call_id)) return [];
    return [JSON.stringify([parsed.data.agent_path, parsed.data.tool, parsed.data.parameters])];
  });
}

describe('a run whose server is killed with -9', () => {
  it.each(['message_accepted', 'agent_started', 'tool_executing', 'tool_completed', 'agent_completed'])(
    'right after %s goes on after the restart: no gap, what the client saw is true, no tool ran twice',
    async (moment) => {
      const first = await startServer();
      const token = await register(first.url, `${moment}@example.com`);
      const before = await connect(first.url, token);
      const asked = await before.ask({ type: 'user_message', text: 'Analyze my AI costs' });
      const { thread_id: threadId, run_id: runId } = accepted.parse(asked);
      if (moment !== 'message_accepted') await before.next(moment);
      await first.end('SIGKILL');
      const seen = eventTexts(before, threadId);

      const second = await startServer();
      const after = await connect(second.url, token, '?follow=none');
      await after.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
      expect(await finalEvent(after, runId)).toMatchObject({
        status: 'completed',
        response: expect.stringMatching(/\S/),
      });

      const events = after.events(threadId);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
      expect(eventTexts(after, threadId).slice(0, seen.length)).toEqual(seen);
      // The server's own frames: their shape is what this test is about.
      expect(checkRunGrammar(events as unknown as ThreadEvent[])).toEqual([]);
      const calls = succeededCalls(events);
      expect(calls).toEqual([...new Set(calls)]);
      after.close();
      expect(await second.end('SIGTERM')).toBe(0);
    },
    60_000,
  );
});
