import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

const PATH = '/api/auth/me/preferences';
const DEFAULTS = {
  language: 'en',
  time_zone: 'UTC',
  currency_display: '$',
  default_price_model: null,
  notify_finished_runs: false,
};
const CHOSEN = {
  language: 'pt-BR',
  time_zone: 'Europe/Berlin',
  currency_display: 'USD',
  default_price_model: 'gpt-4o',
  notify_finished_runs: true,
};

let server: TestServer;
let user: TestUser;
let model: Server;
/** What the model was asked. */
const prompts: string[] = [];

beforeAll(async () => {
  model = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      prompts.push(text);
      // Refused for good: the planner goes on.
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
    });
  }).listen(0, '127.0.0.1');
  await once(model, 'listening');
  const address = model.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server = await TestServer.start({
    LLM_PROVIDER: 'openai-compatible',
    LLM_BASE_URL: `http://127.0.0.1:${port}/v1`,
    LLM_MODEL: 'gpt-4o',
  });
  user = await server.register();
});
afterAll(async () => {
  await server.stop();
  model.closeAllConnections();
  model.close();
});

const get = async ({ token }: TestUser) => (await server.call('GET', PATH, { token })).json;
const put = (body: unknown, { token }: TestUser = user) => server.call('PUT', PATH, { token, body });

/** A trace without model names, and what became of it. */
async function importTrace({ token }: TestUser, query = '') {
  const body = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,1000000,100000\n';
  const response = await fetch(`${server.url}/api/usage/imports${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
    body,
  });
  const answer = z.object({ accepted: z.number(), cost_computed: z.string().nullable() });
  return answer.parse(await response.json());
}

describe('the preferences of a user', () => {
  it('are the defaults at first', async () => {
    expect(await get(user)).toEqual(DEFAULTS);
    expect((await server.call('GET', PATH)).status).toBe(401);
  });

  it('are changed one by one, kept, and given back to the default by null', async () => {
    const answer = await put({ language: 'pt-br', time_zone: 'Europe/Berlin' });
    expect([answer.status, answer.json]).toEqual([200, { ...DEFAULTS, language: 'pt-BR', time_zone: 'Europe/Berlin' }]);
    expect((await put({ ...CHOSEN, language: undefined })).json).toEqual(CHOSEN);
    expect((await put({ currency_display: null })).json).toEqual({ ...CHOSEN, currency_display: '$' });
    expect((await put({ currency_display: 'USD' })).json).toEqual(CHOSEN);
    expect(await get(user)).toEqual(CHOSEN);
    expect(await get(await server.register())).toEqual(DEFAULTS);
  });

  it.each([
    ['language', 'no language'],
    ['time_zone', 'Europe/Atlantis'],
    ['time_zone', '+02:00'],
    ['currency_display', 'EUR'],
    ['default_price_model', 'a model without a price'],
    ['notify_finished_runs', 'yes'],
  ])('refuse a wrong %s', async (path, value) => {
    const { status, json } = await put({ [path]: value });
    expect([status, json]).toMatchObject([
      400,
      { error: { code: 'validation_failed', details: { issues: [{ path }] } } },
    ]);
    expect(await get(user)).toEqual(CHOSEN);
  });
});

describe('what a user prefers', () => {
  it('prices usage without a model, where the import names none', async () => {
    expect(await importTrace(user)).toEqual({ accepted: 1, cost_computed: '3.500000000' });
    const other = await server.register();
    expect(await importTrace(other)).not.toMatchObject({ cost_computed: '3.500000000' });
    await put({ default_price_model: 'gpt-4o' }, other);
    expect(await importTrace(other, '?price_as=gpt-4o-mini&tags=team:other')).toMatchObject({
      cost_computed: '0.210000000',
    });
  });

  it('is the language that models are asked to write in', async () => {
    await finishRun(await server.connect(user));
    expect(prompts.join()).toContain('Brazilian Portuguese (pt-BR)');
    prompts.length = 0;
    await finishRun(await server.connect(await server.register()));
    expect(prompts.length).toBeGreaterThan(0);
    expect(prompts.join()).not.toContain('Write what the user reads in');
  });

  it('is how amounts are written, and whose days are meant', async () => {
    const other = await server.register();
    const rows = ['2026-08-10T22:30:00Z', '2026-08-11T12:00:00Z', '2026-08-11T22:30:00Z', '2026-08-12T12:00:00Z'];
    await fetch(`${server.url}/api/usage/imports`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${other.token}` },
      body: ['timestamp,model,input_tokens,output_tokens', ...rows.map((time) => `${time},gpt-4o,1000000,0`)].join(
        '\n',
      ),
    });
    let told: string[] = [];
    const answer = async (): Promise<string> => {
      const { texts } = await finishRun(await server.connect(other), 'What did we spend on August 11?');
      told = texts.filter((text) => text.includes('"type":"agent_'));
      return z.object({ response: z.string() }).parse(JSON.parse(texts.at(-1) ?? '{}')).response;
    };
    const before = await answer();
    expect(before).toContain('**Total spend:** $5.00, all on 11 August 2026');
    expect(before).toContain('Days are those of UTC.');
    await put({ time_zone: 'Europe/Berlin', currency_display: 'USD' }, other);
    const after = await answer();
    expect(after).toContain('**Total spend:** USD 5.00, all on 11 August 2026');
    expect(after).toContain('Days are those of the time zone Europe/Berlin.');
    expect(after).not.toContain('$');
    // What agents think on the way, too.
    expect(told.filter((text) => text.includes('USD 5.00')).length).toBeGreaterThan(2);
    expect(told.join('')).not.toContain('$');
    await put({ time_zone: 'America/New_York' }, other);
    // The evening before and that noon are of the 10th and 11th there; the evening of the 11th is, too.
    expect(await answer()).toContain('between 12:00 UTC and 22:30 UTC');
  });
});
