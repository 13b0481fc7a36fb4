import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { finishRun } from '../support/finished-run.js';
import { allRows, crossings, ownersIn, type Marks } from '../support/isolation-scan.js';
import { logFaults } from '../support/run-log.js';
import { TestServer, type TestUser } from '../support/server.js';

const USERS = 25;
const DAY_MS = 86_400_000;

let server: TestServer;
const logged: string[] = [];

beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    logged.push(...String(chunk).split('\n'));
    return true;
  });
  server = await TestServer.start({ LOG_LEVEL: 'debug' });
});
afterAll(async () => {
  await server.stop();
  jest.restoreAllMocks();
});

/** Usage of one user: as many rows as nobody else has, all of one team. */
function usage(rows: number, team: string): string {
  const start = Date.UTC(2026, 0, 1);
  const lines = Array.from({ length: rows }, (_, index) => {
    const time = new Date(start + (index % 30) * DAY_MS + index * 1_000).toISOString();
    return `${team}-${index},${time},openai,gpt-4o-mini,${1_000 + index},${200 + index},${team}`;
  });
  return ['id,timestamp,provider,model,input_tokens,output_tokens,team', ...lines].join('\n');
}

async function importUsage(user: TestUser, csv: string): Promise<number> {
  const response = await fetch(`${server.url}/api/usage/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${user.token}` },
    body: csv,
  });
  return z.object({ accepted: z.number() }).parse(await response.json()).accepted;
}

const canary = (index: number): string => `canary${String.fromCharCode(97 + index)}zq${index}x`;

async function ask(index: number) {
  const user = await server.register();
  const rows = 40 + index;
  expect(await importUsage(user, usage(rows, canary(index)))).toBe(rows);
  const client = await server.connect(user);
  return { user, rows, client, word: canary(index) };
}

describe('25 users with different data who ask at the same time', () => {
  it('each get the answer to their own question from their own data, and nothing of anybody else', async () => {
    const askers = await Promise.all(Array.from({ length: USERS }, (_, index) => ask(index)));
    const answers = await Promise.all(
      askers.map(async (asker) => ({
        ...asker,
        ...(await finishRun(asker.client, `Which team has the highest costs, is it ${asker.word}?`)),
      })),
    );
    const marks: Marks[] = answers.map(({ user, word, threadId, runId }) => ({
      owner: word,
      marks: [word, user.id, user.tenantId, user.email, threadId, runId],
    }));

    for (const { client, rows, word, threadId } of answers) {
      const final = client.frames.find((frame) => frame.final === true);
      expect(final).toMatchObject({ status: 'completed' });
      const response = z.string().parse(final?.response);
      expect({ word, rows: response.includes(String(rows)), team: response.includes(word) }).toEqual({
        word,
        rows: true,
        team: true,
      });
      expect(await logFaults(server.database, threadId)).toEqual([]);
      expect(ownersIn(client.texts.join('\n'), marks)).toEqual([word]);
      client.close();
    }
    expect(crossings(await allRows(server.database), marks)).toEqual([]);
    expect(logged.length).toBeGreaterThan(USERS);
    expect(crossings(logged, marks)).toEqual([]);

    // The scan must be able to find something.
    const [one, two] = answers;
    if (one === undefined || two === undefined) throw new Error('nobody asked');
    await server.database.execute(`UPDATE run_event SET payload = to_json($1::text) WHERE thread_id = $2 AND seq = 3`, [
      `leaked from ${two.word}`,
      one.threadId,
    ]);
    const found = crossings(await allRows(server.database), marks);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('public.run_event');
    expect(crossings([...logged, `user ${one.user.id} read ${two.runId}`], marks)).toHaveLength(1);
    expect(ownersIn(`${one.client.texts.join('\n')} ${two.user.email} `, marks)).toContain(two.word);
  }, 90_000);
});
