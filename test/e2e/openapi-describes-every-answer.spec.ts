import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { ADMIN, adminToken } from '../support/admin.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';

const answer = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()).optional() })).optional(),
});
const operation = z.looseObject({ responses: z.record(z.string(), answer) });
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.record(z.string(), z.unknown()),
});
type Answer = z.infer<typeof answer>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly answers: Readonly<Record<string, Answer>>;
}

const USAGE = 'timestamp,provider,model,input_tokens,output_tokens\n2026-01-02T00:00:00Z,openai,gpt-4o,50000,9000\n';
const UNKNOWN = '01890000-0000-7000-8000-000000000000';
/** The routes of ScriptedModule: no part of the server. */
const OF_TESTS = '/test/';
/** What a path can't be asked without. */
const QUERIES: Readonly<Record<string, string>> = { '/api/prices/search': '?q=gpt' };

let server: TestServer;
let user: TestUser;
let admin: string;
let published: z.infer<typeof description>;
let operations: readonly Operation[];
/** Which id stands for the one in a path, by how the path begins. */
let ids: readonly (readonly [string, string])[];

beforeAll(async () => {
  server = await TestServer.start(ADMIN, [ScriptedModule]);
  [user, admin] = [await server.register(), await adminToken(server)];
  published = description.parse((await server.call('GET', '/docs/openapi.json')).json);
  operations = Object.entries(published.paths)
    .filter(([path]) => !path.startsWith(OF_TESTS))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({ method, path, answers: responses })),
    );
  ids = await whatThereIs();
});
afterAll(() => server.stop());

/** An import, a run with its report, and an error that a user was shown. The connection stays open: admins list it. */
async function whatThereIs(): Promise<readonly (readonly [string, string])[]> {
  const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'text/csv' };
  const imported = await fetch(`${server.url}/api/usage/imports`, { method: 'POST', headers, body: USAGE });
  const { import_id: importId } = z.object({ import_id: z.string() }).parse(await imported.json());
  const client = await server.connect(user);
  const ended = async (question: JsonObject) => {
    const run = accepted.parse(await client.ask({ type: 'user_message', ...question }));
    return { ...run, final: await finalEvent(client, run.run_id) };
  };
  const { thread_id: threadId, run_id: runId, final } = await ended({ text: 'Analyze my AI costs' });
  const { report_id: reportId } = z.object({ report_id: z.string() }).parse(final);
  const { final: failed } = await ended({ agent: 'scripted', text: script({ fail: 'a reason' }) });
  const { error } = z.object({ error: z.object({ error_id: z.string() }) }).parse(failed);
  return [
    ['/api/threads/', threadId],
    ['/api/runs/', runId],
    ['/api/admin/runs/', runId],
    ['/api/admin/error-reports/', error.error_id],
    ['/api/reports/', reportId],
    ['/api/usage/imports/', importId],
  ];
}

const schemasOf = ({ content = {} }: Answer) => Object.values(content).map(({ schema }) => schema ?? {});
const isDescribed = (found: Answer): boolean => {
  const schemas = schemasOf(found);
  return schemas.length > 0 && schemas.every((schema) => Object.keys(schema).length > 0);
};
const named = ({ method, path }: Operation): string => `${method} ${path}`;

/** The request with ids in the place of their names: `{id}` is what there is, or an unknown one. */
const addressed = (path: string, id = ids.find(([start]) => path.startsWith(start))?.[1]): string =>
  `${path.replace('{id}', id ?? UNKNOWN).replace('{file}', '1.svg')}${QUERIES[path] ?? ''}`;

async function get(path: string) {
  const token = path.startsWith('/api/admin/') ? admin : user.token;
  const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  return { status: response.status, type, value: type === 'application/json' ? (JSON.parse(text) as unknown) : text };
}

/** What is wrong with an answer, against what is published under its status or else under "default". */
function faultsOf({ answers }: Operation, { status, type, value }: Awaited<ReturnType<typeof get>>): unknown[] {
  const schema = (answers[status] ?? answers.default)?.content?.[type]?.schema;
  if (schema === undefined) return [{ status, type, fault: 'is not described' }];
  const check = new Ajv({ strict: false, validateFormats: false }).compile({
    ...schema,
    components: published.components,
  });
  return check(value) ? [] : [{ status, value, errors: check.errors }];
}

describe('/docs/openapi.json', () => {
  it('describes a success and an error of every operation', () => {
    const lacking = operations.flatMap((each) => {
      const successes = Object.entries(each.answers).filter(([status]) => status.startsWith('2'));
      const describesSuccess =
        successes.length > 0 && successes.every(([status, found]) => status === '204' || isDescribed(found));
      const describesError = each.answers.default !== undefined && isDescribed(each.answers.default);
      return [
        ...(describesSuccess ? [] : [`${named(each)}: success`]),
        ...(describesError ? [] : [`${named(each)}: error`]),
      ];
    });
    expect(operations.length).toBeGreaterThan(40);
    expect(lacking).toEqual([]);
  });

  it('says that the probes which can fail answer 503 with the same body', () => {
    const failing = operations.filter(({ answers }) => answers['503'] !== undefined);
    expect(failing.map(({ path }) => path)).toEqual(['/health', '/health/ready', '/health/startup']);
    for (const { answers } of failing) expect(answers['503']?.content).toEqual(answers['200']?.content);
  });

  it('fits what every GET answers', async () => {
    const asked = operations.filter(({ method }) => method === 'get');
    const faults: unknown[] = [];
    for (const each of asked) {
      const found = await get(addressed(each.path));
      if (found.status !== 200) faults.push([named(each), found]);
      else faults.push(...faultsOf(each, found).map((fault) => [named(each), fault]));
    }
    expect(asked.length).toBeGreaterThan(25);
    expect(faults).toEqual([]);
  });

  it('fits what every GET of something unknown answers', async () => {
    const asked = operations.filter(({ method, path }) => method === 'get' && path.includes('{id}'));
    for (const each of asked) {
      const found = await get(addressed(each.path, UNKNOWN));
      expect([named(each), found.status, faultsOf(each, found)]).toEqual([named(each), 404, []]);
    }
  });

  it('would notice an answer that does not fit', () => {
    const users = operations.find(({ path }) => path === '/api/admin/users');
    if (users === undefined) throw new Error('users are not described');
    const page = (item: object) => ({
      status: 200,
      type: 'application/json',
      value: { data: [item], next_cursor: null },
    });
    expect(faultsOf(users, page({ id: UNKNOWN }))).toHaveLength(1);
    expect(faultsOf(users, { ...page({}), type: 'text/html' })).toHaveLength(1);
  });
});
