import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const ROWS = 30_000;
const HEADER = 'timestamp,model,input_tokens,output_tokens,note_no\n';
const row = (index: number): string =>
  `2026-01-02T00:00:${String(index % 60).padStart(2, '0')}Z,gpt-4o,${100 + index},10,${String(index).padEnd(190, '0')}\n`;

const progressFrame = z.object({
  import_id: z.string(),
  rows: z.int(),
  percent: z.int().optional(),
  status: z.string(),
});

let server: TestServer;
let replica: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  replica = await server.sibling();
});
afterAll(async () => {
  await replica.stop();
  await server.stop();
});

it('an import tells the connections of its user how far it is, wherever they are, and nobody else', async () => {
  const [user, stranger] = [await server.register(), await server.register()];
  const [first, second, other] = [
    await server.connect(user),
    await replica.connect(user),
    await replica.connect(stranger),
  ];
  const response = await fetch(`${server.url}/api/usage/imports`, {
    method: 'POST',
    body: HEADER + Array.from({ length: ROWS }, (_, index) => row(index)).join(''),
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'text/csv' },
  });
  expect(response.status).toBe(202);
  const { import_id: id } = z.object({ import_id: z.string() }).parse(await response.json());
  for (const client of [first, second]) {
    const told = await until(
      () => {
        const frames = client.frames
          .filter(({ type }) => type === 'import_progress')
          .map((each) => progressFrame.parse(each));
        return frames.at(-1)?.status === 'running' || frames.length === 0 ? undefined : frames;
      },
      { timeoutMs: 25_000, message: 'the end of the import' },
    );
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told.map(({ import_id: each }) => each))).toEqual(new Set([id]));
    expect(told.at(-1)).toEqual({ import_id: id, rows: ROWS, percent: 100, status: 'completed' });
    for (const [index, { rows, percent = -1, status }] of told.slice(0, -1).entries()) {
      expect(status).toBe('running');
      expect(rows).toBeGreaterThan(told[index - 1]?.rows ?? 0);
      expect(percent).toBeGreaterThanOrEqual(told[index - 1]?.percent ?? 0);
      expect(percent).toBeLessThan(100);
    }
  }
  expect(other.frames.filter(({ type }) => type === 'import_progress')).toEqual([]);
  const { json } = await server.call('GET', `/api/usage/imports/${id}`, { token: user.token });
  expect(json).toMatchObject({ status: 'completed', accepted: ROWS, percent: 100 });
});
