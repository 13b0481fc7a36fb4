import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { Recommendations } from '../../src/cost-analysis/reports/recommendations.js';
import { Clock } from '../../src/telemetry/clock.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';

const DAYS = 20;
const DAY_MS = 86_400_000;

const usage = (first: number): string => {
  const start = Date.UTC(2026, 0, 1);
  const lines = Array.from({ length: DAYS * 10 }, (_, index) => {
    const time = new Date(start + (index % DAYS) * DAY_MS + index * 1_000).toISOString();
    return `row-${first + index},${time},openai,gpt-4o,${50_000 + index},${9_000 + index},support,chat`;
  });
  return ['id,timestamp,provider,model,input_tokens,output_tokens,team,feature', ...lines].join('\n');
};

let server: TestServer;
let user: TestUser;
let client: SocketClient;
let threadId: string;

const importUsage = (first: number) =>
  fetch(`${server.url}/api/usage/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${user.token}` },
    body: usage(first),
  });

/** Asks in the thread; what tools ran, and the answer. */
async function ask(text: string): Promise<{ runId: string; tools: string[]; response: string }> {
  const { run_id: runId } = accepted.parse(
    await client.ask({ type: 'user_message', text, ...(threadId === '' ? {} : { thread_id: threadId }) }),
  );
  const { response } = z.object({ response: z.string() }).parse(await finalEvent(client, runId));
  const tools = await server.database.rows<{ tool: string }>('SELECT tool FROM tool_call WHERE run_id = $1', [runId]);
  return { runId, tools: tools.map(({ tool }) => tool), response };
}

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
  await importUsage(0);
  client = await server.connect(user);
  const created = z.object({ thread: z.object({ id: z.string() }) });
  threadId = created.parse(await client.ask({ type: 'create_thread', title: 'Costs' })).thread.id;
});
afterAll(() => server.stop());

describe('a question about what to do', () => {
  let found: { runId: string; response: string };

  it('is answered from what the thread found, without a tool', async () => {
    found = await ask('How can we save?');
    const first = await ask('what should we do first?');
    expect(first.tools).toEqual([]);
    expect(first.response).toMatch(/Begin with:\*\* Move part of the traffic of gpt-4o/);
    const verify = await ask('how do I verify step 1?');
    expect(verify.tools).toEqual([]);
    expect(verify.response).toMatch(/This step:\*\*[\s\S]*To verify:\*\*/);
    const [amount = 'none'] = /\$[\d.,]+ to \$[\d.,]+/.exec(found.response) ?? [];
    expect(first.response).toContain(amount);
  });

  it('which it limits to something is answered anew', async () => {
    expect((await ask('what should we do about the costs in January?')).tools).not.toEqual([]);
    expect((await ask('what should team support do first?')).tools).not.toEqual([]);
  });

  it('is not answered from what was found for something narrower, but about a step that was shown', async () => {
    expect((await ask('how do I verify step 1?')).tools).toEqual([]);
    const overall = await ask('Overall, what should we do first?');
    expect(overall.tools).toContain('combine_savings');
    expect((await ask('what should we do first?')).tools).toEqual([]);
  });

  it('is of nobody else: neither a colleague nor another tenant finds it', async () => {
    const kept = new Recommendations(server.database, new PriceBook(), new Clock());
    const owner = await server.database.row<{ tenant_id: string; user_id: string; basis: string; run_id: string }>(
      'SELECT tenant_id, user_id, basis, run_id FROM recommendation WHERE thread_id = $1 ORDER BY created_at DESC LIMIT 1',
      [threadId],
    );
    if (owner === undefined) throw new Error('nothing was kept');
    const { tenant_id: tenantId, user_id: userId, basis, run_id: runId } = owner;
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await kept.current({ tenantId, userId, threadId }, basis)).toBe(runId);
    expect(await kept.current({ tenantId, userId: nobody, threadId }, basis)).toBeUndefined();
    expect(await kept.current({ tenantId: nobody, userId, threadId }, basis)).toBeUndefined();
    expect(await kept.findingsOf({ tenantId, userId: nobody }, runId)).toEqual({ findings: {}, toolResults: [] });
  });

  it('is computed again when prices or usage have changed', async () => {
    expect((await ask('what should we do first?')).tools).toEqual([]);
    await server.database.execute(
      `INSERT INTO price_override (tenant_id, provider, model_id, valid_from, discount_percent, updated_by, updated_at)
       SELECT tenant_id, 'openai', 'gpt-4o', now(), '10', user_id, now() FROM recommendation LIMIT 1`,
      [],
    );
    expect((await ask('what should we do first?')).tools).toContain('combine_savings');
    expect((await ask('what should we do first?')).tools).toEqual([]);
    await importUsage(1_000);
    expect((await ask('what should we do first?')).tools).toContain('combine_savings');
  });
});
