import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gates } from '../support/gates.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  user = await server.register();
});
afterAll(() => server.stop());

describe('an answer that is being written', () => {
  it('is shown so far to a connection that comes late, behind the events and before the deltas that go on', async () => {
    const early = await server.connect(user);
    const text = script({ text: 'Hello ' }, { gate: 'one' }, { text: 'big ' }, { gate: 'two' }, { text: 'world' });
    const asked = await early.ask({ type: 'user_message', agent: 'scripted', text });
    const { thread_id: threadId, run_id: runId } = accepted.parse(asked);
    expect(await early.next('text_delta')).toMatchObject({ run_id: runId, index: 0, text: 'Hello ' });

    const late = await server.connect(user, '?follow=none');
    await late.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    const snapshot = await late.next('text_snapshot');
    expect(snapshot).toMatchObject({ run_id: runId, index: 0, text: 'Hello ' });
    expect(late.events(threadId).length).toBeGreaterThan(3);
    server.get(Gates).open('one');
    expect(await late.next('text_delta')).toMatchObject({ index: 1, text: 'big ' });
    const following = await server.connect(user);
    expect(following.frames.find(({ type }) => type === 'text_snapshot')).toMatchObject({
      index: 1,
      text: 'Hello big ',
    });
    server.get(Gates).open('two');
    for (const client of [early, late, following]) {
      await finalEvent(client, runId);
      const types = client.frames.map(({ type, final }) => (final === true ? 'final' : type));
      expect(types.lastIndexOf('text_delta')).toBeLessThan(types.indexOf('final'));
      expect(client.frames.filter(({ type }) => type === 'text_delta').at(-1)).toMatchObject({
        index: 2,
        text: 'world',
      });
      client.close();
    }
  });
});
