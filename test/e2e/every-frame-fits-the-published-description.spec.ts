import specifications from '@asyncapi/specs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

const description = z.looseObject({
  channels: z.looseObject({ ws: z.looseObject({ address: z.string() }) }),
  components: z.looseObject({
    messages: z.record(z.string(), z.looseObject({ payload: z.record(z.string(), z.unknown()) })),
  }),
});
type Description = z.infer<typeof description>;

let server: TestServer;
let user: TestUser;
let published: Description;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
  published = description.parse((await server.call('GET', '/docs/asyncapi.json')).json);
});
afterAll(() => server.stop());

const schemaCheck = (schema: object): ValidateFunction =>
  new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** The schema of one frame, with the shared objects that it refers to. */
const frameCheck = (type: string): ValidateFunction => {
  const message = published.components.messages[type];
  if (!message) throw new Error(`${type} is not described`);
  return schemaCheck({ ...message.payload, components: published.components });
};

/** What is wrong with the frames, each against the schema of its type. */
const faults = (frames: readonly JsonObject[]): unknown[] =>
  frames.flatMap((frame) => {
    const check = frameCheck(z.string().parse(frame.type));
    return check(frame) ? [] : [{ frame, errors: check.errors }];
  });

describe('/docs/asyncapi.json', () => {
  it('is valid AsyncAPI 3.0', () => {
    const check = schemaCheck(z.record(z.string(), z.unknown()).parse(specifications.schemasWithoutId['3.0.0']));
    expect(check(published) || check.errors).toBe(true);
  });

  it('fits every frame of a session with a run', async () => {
    const client = await server.connect(user);
    const { threadId } = await finishRun(client);
    await client.ask({ type: 'create_thread', title: 'another' });
    await client.ask({ type: 'list_threads', limit: 1 });
    await client.ask({ type: 'get_thread_history', thread_id: threadId });
    await client.ask({ type: 'rename_thread', thread_id: threadId, title: 'named' });
    await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 3 }, { thread_id: 'none' }] });
    await client.ask({ type: 'unsubscribe', threads: [threadId] });
    await client.ask({ type: 'delete_thread', thread_id: threadId });
    await client.ask({ type: 'authenticate', token: user.token });
    await client.ask({ type: 'ping' });
    await client.ask({ type: 'heartbeat' });
    await client.ask({ type: 'nonsense' });
    expect(faults(client.frames)).toEqual([]);
    const seen = new Set(client.frames.map(({ type }) => type));
    for (const type of ['connection_ready', 'agent_completed', 'tool_completed', 'text_delta', 'subscribed', 'error'])
      expect(seen).toContain(type);
    client.close();
  });

  it('would notice a frame that does not fit', () => {
    expect(faults([{ type: 'pong', server_time: 7 }, { type: 'thread_deleted' }])).toHaveLength(2);
  });
});
