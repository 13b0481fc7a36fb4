import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

const HEADER = 'timestamp,model,input_tokens,output_tokens,team,notes\n';
const row = (index: number, notes = ''): string =>
  `2026-01-0${1 + (index % 3)}T00:00:${String(index % 60).padStart(2, '0')}Z,${index % 2 === 0 ? 'gpt-4o' : 'acme-7b'},100,10,t${index % 2},${notes}\n`;
const CSV = HEADER + Array.from({ length: 6 }, (_, index) => row(index)).join('');

describe('usage over REST', () => {
  let server: TestServer;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'goldenpath-usage-'));
    server = await TestServer.start({ DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function post(user: TestUser | undefined, body: RequestInit['body'], { query = '', headers = {} } = {}) {
    const authorization: Record<string, string> = user === undefined ? {} : { authorization: `Bearer ${user.token}` };
    const response = await fetch(`${server.url}/api/usage/imports${query}`, {
      method: 'POST',
      body: body ?? null,
      headers: { ...authorization, ...headers },
    });
    return { status: response.status, json: await response.json() };
  }

  it('takes CSV, and answers what came of it', async () => {
    const answer = await post(await server.register(), CSV, {
      headers: { 'content-type': 'text/csv' },
      query: '?tags=project:p',
    });
    expect(answer).toMatchObject({
      status: 201,
      json: {
        status: 'completed',
        format: 'generic',
        accepted: 6,
        duplicates: 0,
        rejected: 0,
        reject_samples: [],
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-03T00:00:05.000Z',
        cost_reported: null,
        // Three of the six have a price.
        cost_computed: '0.001050000',
      },
    });
  });

  it.each([
    [
      'application/json',
      JSON.stringify([{ timestamp: '2026-01-02', model: 'gpt-4o', input_tokens: 1, output_tokens: 1 }]),
    ],
    [
      'application/json; charset=utf-8',
      `[${Array.from({ length: 3_000 }, (_, index) => `{"time":${1_767_323_045 + index},"model":"gpt-4o","input":1,"output":1}`).join()}]`,
    ],
    ['application/x-ndjson', '{"timestamp":"2026-01-02","model":"gpt-4o","input_tokens":1,"output_tokens":1}\n'],
    ['application/gzip', gzipSync(CSV)],
    ['application/x-www-form-urlencoded', CSV],
  ])('takes %s', async (contentType, body) => {
    const answer = await post(await server.register(), body, { headers: { 'content-type': contentType } });
    expect(answer).toMatchObject({ status: 201, json: { status: 'completed', rejected: 0 } });
  });

  it('takes a packed body and a form with a file', async () => {
    const user = await server.register();
    const packed = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    expect(await post(user, gzipSync(CSV), { headers: packed })).toMatchObject({ status: 201, json: { accepted: 6 } });
    const form = new FormData();
    form.set('note', 'mine');
    form.set('file', new Blob([CSV], { type: 'text/csv' }), 'usage.csv');
    expect(await post(user, form)).toMatchObject({ status: 201, json: { accepted: 0, duplicates: 6 } });
  });

  it('takes what a file says of a bucket that is there already when it supersedes', async () => {
    const user = await server.register();
    const bill = (cents: string) =>
      JSON.stringify({
        data: [
          {
            starting_at: '2026-01-02T00:00:00Z',
            ending_at: '2026-01-03T00:00:00Z',
            results: [{ amount: cents, currency: 'USD', cost_type: 'tokens' }],
          },
        ],
      });
    const headers = { 'content-type': 'application/json' };
    await post(user, bill('900'), { headers });
    expect(await post(user, bill('700'), { headers })).toMatchObject({ json: { duplicates: 1, differing: 1 } });
    expect(await post(user, bill('700'), { headers, query: '?supersedes=true' })).toMatchObject({
      json: { repriced: 1, differing: 0, cost_reported: '7.000000000' },
    });
  });

  it('counts a packed file as what it holds', async () => {
    const user = await server.register();
    const headers = { 'content-type': 'application/gzip' };
    const packed = (rows: number, notes: () => string) =>
      gzipSync(HEADER + Array.from({ length: rows }, (_, index) => row(index, `${index}${notes()}`)).join(''));
    const dense = packed(700, () => randomBytes(1_000).toString('hex'));
    expect(dense.length).toBeGreaterThan(600_000);
    expect(await post(user, dense, { headers })).toMatchObject({ status: 201, json: { accepted: 700 } });
    const thin = packed(26_000, () => 'n'.repeat(190));
    expect(thin.length).toBeLessThan(1_000_000);
    expect(await post(user, thin, { headers })).toMatchObject({ status: 202 });
  });

  it('goes on with a large file after the answer, and shows its progress', async () => {
    const user = await server.register();
    const notes = 'n'.repeat(190);
    const large = HEADER + Array.from({ length: 26_000 }, (_, index) => row(index, `${index}${notes}`)).join('');
    const answer = await post(user, large, { headers: { 'content-type': 'text/csv' } });
    expect(answer).toMatchObject({ status: 202, json: { status: 'running' } });
    const { import_id: id } = answer.json as { import_id: string };
    const done = await until(
      async () => {
        const { json } = await server.call('GET', `/api/usage/imports/${id}`, { token: user.token });
        return (json as { status: string }).status === 'running' ? undefined : json;
      },
      { timeoutMs: 25_000, message: 'the import ends' },
    );
    expect(done).toMatchObject({ status: 'completed', accepted: 26_000 });
    await until(async () => (await readdir(join(dataDir, 'uploads'))).length === 0, {
      message: 'the upload is removed',
    });
  });

  it('says what is wrong, with the code of the catalogue', async () => {
    const user = await server.register();
    const refused = async (body: RequestInit['body'], options: Parameters<typeof post>[2]) =>
      (await post(user, body, options)).json;
    const invalid = { error: { code: 'validation_failed' } };
    expect(await refused(CSV, { query: '?format=excel' })).toMatchObject(invalid);
    expect(await refused(CSV, { query: '?price_as=acme-7b' })).toMatchObject(invalid);
    expect(await refused(CSV, { query: '?tags=nonsense' })).toMatchObject(invalid);
    expect(await refused(CSV, { headers: { 'content-encoding': 'br' } })).toMatchObject(invalid);
    expect(await refused('', {})).toMatchObject({
      error: { message: 'The file is empty.', details: { import_id: expect.any(String) } },
    });
    expect(await refused('a,b\n1,2\n', {})).toMatchObject({
      error: { details: { issues: [{ message: 'found the fields: a, b' }] } },
    });
    expect(await post(undefined, CSV)).toMatchObject({ status: 401 });
  });

  it('lists the imports of the tenant in pages, and shows nobody else any', async () => {
    const [user, other] = [await server.register(), await server.register()];
    for (let index = 0; index < 3; index += 1) await post(user, CSV, { query: `?label=${index}` });
    const page = async (query: string, token = user.token) =>
      (await server.call('GET', `/api/usage/imports${query}`, { token })).json;
    const first = (await page('?limit=2')) as { data: { import_id: string; label: string }[]; next_cursor: string };
    expect(first.data.map(({ label }) => label)).toEqual(['2', '1']);
    expect(await page(`?limit=2&cursor=${first.next_cursor}`)).toMatchObject({
      data: [{ label: '0' }],
      next_cursor: null,
    });
    expect(await page('', other.token)).toEqual({ data: [], next_cursor: null });
    for (const id of [first.data[0]?.import_id, 'nonsense']) {
      expect(await page(`/${id}`, other.token)).toMatchObject({ error: { code: 'not_found' } });
    }
  });

  it('adds usage up', async () => {
    const user = await server.register();
    await post(user, CSV);
    const summary = async (query: string, token = user.token) =>
      (await server.call('GET', `/api/usage/summary${query}`, { token })).json;
    expect(await summary('?group_by=model')).toMatchObject({
      total: {
        rows: 6,
        requests: 6,
        input_tokens: '600',
        output_tokens: '60',
        cost_computed: '0.001050000',
        unpriced_rows: 3,
      },
      data: [
        { group: { model: 'gpt-4o' }, rows: 3, cost_computed: '0.001050000', unpriced_rows: 0 },
        { group: { model: 'acme-7b' }, rows: 3, cost_computed: null, unpriced_rows: 3 },
      ],
      truncated: false,
      prices_as_of: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    expect(await summary('?grain=day&group_by=team&from=2026-01-02&to=2026-01-03T00:00:00Z')).toMatchObject({
      total: { rows: 2 },
      data: [
        { period: '2026-01-02T00:00:00.000Z', group: { team: 't0' }, rows: 1 },
        { period: '2026-01-02T00:00:00.000Z', group: { team: 't1' }, rows: 1 },
      ],
    });
    expect(await summary('', (await server.register()).token)).toMatchObject({
      total: { rows: 0, cost_computed: null },
    });
    for (const query of [
      '?group_by=password',
      '?grain=second',
      '?from=yesterday',
      '?group_by=model,team,user,status',
    ]) {
      expect(await summary(query)).toMatchObject({ error: { code: 'validation_failed' } });
    }
  });
});
