import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer } from '../support/server.js';

const attribute = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
});
const span = (spanId: string, input: number) => ({
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId,
  startTimeUnixNano: '1767312000000000000',
  endTimeUnixNano: '1767312001000000000',
  attributes: [
    attribute('gen_ai.operation.name', 'chat'),
    attribute('gen_ai.response.model', 'gpt-4o'),
    attribute('gen_ai.usage.input_tokens', input),
    attribute('gen_ai.usage.output_tokens', 10),
  ],
});
const exported = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

describe('spans over OTLP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  async function send(token: string | undefined, body: string | Buffer, headers: Record<string, string> = {}) {
    const response = await fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    return { status: response.status, json: await response.json() };
  }

  const total = async (token: string) =>
    (await server.call('GET', '/api/usage/summary', { token })).json as {
      total: { rows: number; cost_computed: string };
    };

  it('become usage, once, however often an exporter sends them', async () => {
    const { token } = await server.register();
    const body = exported(span('eee19b7ec3c1b171', 1000), span('eee19b7ec3c1b172', 1000));
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await send(token, body)).toEqual({ status: 200, json: { partialSuccess: {} } });
    expect((await total(token)).total).toMatchObject({ rows: 2, cost_computed: '0.005200000' });
    const { data } = (await server.call('GET', '/api/usage/imports', { token })).json as { data: object[] };
    expect(data).toMatchObject([{ format: 'otel', status: 'completed', accepted: 2, duplicates: 2 }]);
  });

  it('are taken packed, and without any that is usage', async () => {
    const { token } = await server.register();
    const packed = gzipSync(exported(span('eee19b7ec3c1b173', 1000)));
    expect(await send(token, packed, { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
    expect(await send(token, exported({ traceId: 'a', spanId: 'b', attributes: [] }))).toEqual({
      status: 200,
      json: { partialSuccess: {} },
    });
    expect(await send(token, '{}')).toEqual({ status: 200, json: { partialSuccess: {} } });
    expect((await total(token)).total.rows).toBe(1);
  });

  it('that are wrong are counted, and cost no others', async () => {
    const { token } = await server.register();
    expect(await send(token, exported(span('eee19b7ec3c1b174', -5), span('eee19b7ec3c1b175', 1000)))).toEqual({
      status: 200,
      json: { partialSuccess: { rejectedSpans: 1, errorMessage: 'input is negative: -5' } },
    });
    expect((await total(token)).total.rows).toBe(1);
  });

  it('of nobody, and bodies that are none, are refused', async () => {
    const { token } = await server.register();
    expect(await send(undefined, '{}')).toMatchObject({ status: 401 });
    for (const body of ['', '[]', 'x', '{"resourceSpans":3}', Buffer.from([10, 2, 8, 1])])
      expect(await send(token, body)).toMatchObject({ status: 400, json: { error: { code: 'validation_failed' } } });
  });
});
