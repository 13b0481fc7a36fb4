import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** A million input tokens each: $2.50 and $0.15 as listed, and a model that no list has. */
const CSV = `timestamp,model,input_tokens,output_tokens
2026-01-02T00:00:00Z,gpt-4o,1000000,0
2026-01-03T00:00:00Z,gpt-4o-mini,1000000,0
2026-01-04T00:00:00Z,acme-7b,1000000,0
`;

interface Overrides {
  readonly data: readonly object[];
  readonly recomputed_at: string | null;
}

describe('prices over REST', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  const upload = (token: string) =>
    fetch(`${server.url}/api/usage/imports`, {
      method: 'POST',
      body: CSV,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    });
  const put = async (token: string, overrides: readonly object[]) =>
    server.call('PUT', '/api/prices/overrides', { token, body: { overrides } });
  const get = async (token: string) => (await server.call('GET', '/api/prices/overrides', { token })).json as Overrides;
  const costs = async (token: string) => {
    const { json } = await server.call('GET', '/api/usage/summary?group_by=model', { token });
    const { data } = json as { data: { group: { model: string }; cost_computed: string | null }[] };
    return Object.fromEntries(data.map(({ group, cost_computed: cost }) => [group.model, cost]));
  };
  const recomputed = (token: string) =>
    until(async () => ((await get(token)).recomputed_at === null ? undefined : true), {
      timeoutMs: 20_000,
      message: 'the costs are computed anew',
    });

  it('that a tenant negotiated replace the listed ones, also in what is stored, and go again', async () => {
    const [{ token }, other] = [await server.register(), await server.register()];
    for (const each of [token, other.token]) await upload(each);
    expect(await get(token)).toMatchObject({ data: [], recomputed_at: null });
    const answer = await put(token, [
      { model: 'azure/gpt-4o', provider: 'openai', input_usd_per_million: '2', note: 'contract 7' },
      { model: 'gpt-4o-mini', discount_percent: '20' },
      { model: 'acme-7b', input_usd_per_million: '0.5', output_usd_per_million: '1' },
    ]);
    expect(answer).toMatchObject({
      status: 200,
      json: {
        data: [
          { model: 'acme-7b', provider: null, input_usd_per_million: '0.5' },
          { model: 'gpt-4o', provider: 'openai', input_usd_per_million: '2', from: null, note: 'contract 7' },
          { model: 'gpt-4o-mini', provider: 'openai', discount_percent: '20' },
        ],
      },
    });
    await recomputed(token);
    expect(await costs(token)).toEqual({
      'gpt-4o': '2.000000000',
      'gpt-4o-mini': '0.120000000',
      'acme-7b': '0.500000000',
    });
    expect(await costs(other.token)).toMatchObject({ 'gpt-4o': '2.500000000', 'acme-7b': null });
    await put(token, []);
    await recomputed(token);
    expect(await costs(token)).toEqual({ 'gpt-4o': '2.500000000', 'gpt-4o-mini': '0.150000000', 'acme-7b': null });
  });

  it('hold from their day on, for files that come later', async () => {
    const { token } = await server.register();
    await put(token, [
      { model: 'gpt-4o', from: '2026-01-02', input_usd_per_million: '2' },
      { model: 'gpt-4o', from: '2026-01-03', input_usd_per_million: '1' },
      { model: 'gpt-4o-mini', from: '2026-02-01', discount_percent: '100' },
    ]);
    await upload(token);
    expect(await costs(token)).toMatchObject({ 'gpt-4o': '2.000000000', 'gpt-4o-mini': '0.150000000' });
  });

  it.each([
    [{ model: 'gpt-4o' }, 'must have a price or a discount'],
    [{ model: 'gpt-4o', input_usd_per_million: '-1' }, 'decimal string'],
    [{ model: 'gpt-4o', input_usd_per_million: 2 }, 'expected string'],
    [{ model: 'gpt-4o', discount_percent: '101' }, 'percentage from 0 to 100'],
    [{ model: 'acme-7b', discount_percent: '10' }, 'no list price is known'],
    [{ model: 'gpt-4o', discount_percent: '10', price: '1' }, 'price'],
  ])('are refused: %j', async (override, message) => {
    const { token } = await server.register();
    const answer = await put(token, [override]);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'validation_failed' } } });
    expect(JSON.stringify(answer.json)).toContain(message);
    expect(await get(token)).toMatchObject({ data: [] });
  });

  it('are changed by admins of the tenant only, and seen by all of it', async () => {
    const { id, email, token } = await server.register();
    await put(token, [{ model: 'gpt-4o', discount_percent: '10' }]);
    await server.database.execute(`UPDATE user_account SET roles = '{user}' WHERE id = $1`, [id]);
    const login = await server.call('POST', '/api/auth/login', { body: { email, password: PASSWORD } });
    const { access_token: plain } = login.json as { access_token: string };
    expect(await put(plain, [])).toMatchObject({ status: 403, json: { error: { code: 'forbidden' } } });
    expect(await get(plain)).toMatchObject({ data: [{ model: 'gpt-4o', discount_percent: '10' }] });
  });

  it('are refused twice for one model and day', async () => {
    const { token } = await server.register();
    const twice = { model: 'gpt-4o', discount_percent: '10' };
    expect(await put(token, [twice, twice])).toMatchObject({ status: 400 });
  });

  it('are found by words, in the listed currency of a million tokens', async () => {
    const { token } = await server.register();
    const search = async (query: string) => server.call('GET', `/api/prices/search?${query}`, { token });
    expect(await search('q=openai%20GPT-4o%20mini&limit=1')).toMatchObject({
      status: 200,
      json: {
        data: [{ provider: 'openai', model: 'gpt-4o-mini', input_usd_per_million: '0.150000000' }],
        prices_as_of: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      },
    });
    expect(await search('q=no-such-model-anywhere')).toMatchObject({ status: 200, json: { data: [] } });
    expect(await search('')).toMatchObject({ status: 400 });
    expect(await server.call('GET', '/api/prices/search?q=x')).toMatchObject({ status: 401 });
  });
});
