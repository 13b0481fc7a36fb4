import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EarlierChange } from '../../src/cost-analysis/reports/earlier-change.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';

const DAYS = 28;
const DAY_MS = 86_400_000;
/** 21 January: its chat requests are five times as long as on other days. */
const SPIKE = 20;

const calls = (line: string): string[] => Array.from({ length: 20 }, () => line);

const usage = (): string => {
  // Early and late, so that the days are whole.
  const at = (day: number, hour: number): string => new Date(Date.UTC(2026, 0, 1, hour) + day * DAY_MS).toISOString();
  const lines = Array.from({ length: DAYS }, (_none, day) => day).flatMap((day) => [
    ...calls(`${at(day, 1)},gpt-4o,${day === SPIKE ? 100_000 : 20_000},2000,support,chat`),
    ...calls(`${at(day, 23)},gpt-5,20000,2000,data,search`),
  ]);
  return ['timestamp,model,input_tokens,output_tokens,team,feature', ...lines].join('\n');
};

let server: TestServer;
let user: TestUser;
let client: SocketClient;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
  await fetch(`${server.url}/api/usage/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${user.token}` },
    body: usage(),
  });
  client = await server.connect(user);
});
afterAll(() => server.stop());

/** Asks one after the other in a new thread; the last answer. */
async function ask(...texts: readonly string[]) {
  let asked = { thread_id: '', run_id: '' };
  let response = '';
  for (const text of texts) {
    const thread = asked.thread_id === '' ? {} : { thread_id: asked.thread_id };
    asked = accepted.parse(await client.ask({ type: 'user_message', text, ...thread }));
    ({ response } = z.object({ response: z.string() }).parse(await finalEvent(client, asked.run_id)));
  }
  return { response, threadId: asked.thread_id, runId: asked.run_id };
}

const SCOPE = '**These figures cover only:** model gpt-4o, feature chat, 21 January 2026.';

describe('what to do about a change that was explained', () => {
  it.each(['What can we do about it?', 'How do we prevent that?', 'thanks, what now?'])(
    'is looked for in its days and in what drove it: %s',
    async (text) => {
      const { response } = await ask('Why did costs jump on January 21?', text);
      expect(response).toContain(SCOPE);
      expect(response).toContain('**What it is about:** 21 January 2026 cost $');
      expect(response).toContain('**Begin with:**');
    },
  );

  it('is looked for in all usage where the answer before explained none, or the question names something else', async () => {
    expect((await ask('What did we spend?', 'What can we do about it?')).response).not.toContain('cover only');
    const other = await ask('Why did costs jump on January 21?', 'What can team data do about it?');
    expect(other.response).toContain('**These figures cover only:** team data');
    expect(other.response).not.toContain('What it is about');
  });

  it('is looked for in all usage after an analysis of it, which explained an unusual day beside all else', async () => {
    const { response: analysis } = await ask('Analyze my AI costs');
    expect(analysis).toMatch(
      /- 21 January 2026: .* more than usual\. Compared with 14 January 2026, .* longer requests/,
    );
    expect(analysis).not.toContain('## What changed');
    const { response } = await ask('Analyze my AI costs', 'What can we do about it?');
    expect(response).not.toContain('cover only');
    expect(response).not.toContain('What it is about');
  });

  it('is of nobody else: neither a colleague nor another tenant finds the change', async () => {
    const { threadId } = await ask('Why did costs jump on January 21?');
    const nobody = '00000000-0000-4000-8000-000000000000';
    const found = (scope: { tenantId: string; userId: string }) =>
      new EarlierChange(server.database).before({ ...scope, threadId, runId: nobody });
    const { tenantId, id: userId } = user;
    expect(await found({ tenantId, userId })).toMatchObject({ parameters: { from: '2026-01-21' } });
    expect(await found({ tenantId, userId: nobody })).toBeUndefined();
    expect(await found({ tenantId: nobody, userId })).toBeUndefined();
  });
});
