import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Gates } from '../support/gates.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

/** Longer than what fits into one message between processes. */
const LONG = '🙂🙂🙂 '.repeat(700);

let gateway: TestServer;
let worker: TestServer;
let user: TestUser;

beforeAll(async () => {
  gateway = await TestServer.start({ ROLE: 'api', WS_MAX_MESSAGE_BYTES: '65536' }, [ScriptedModule]);
  worker = await gateway.sibling({ ROLE: 'worker' }, [ScriptedModule]);
  user = await gateway.register();
});
afterAll(async () => {
  await worker.stop();
  await gateway.stop();
});

const piece = z.object({ type: z.enum(['text_snapshot', 'text_delta']), index: z.number(), text: z.string() });

/** The text as the client has it: snapshots take the place of what came before, deltas follow without a hole. */
function textOf(client: SocketClient): string {
  let shown = '';
  let next = 0;
  for (const { data } of client.frames.map((frame) => piece.safeParse(frame))) {
    if (data === undefined) continue;
    if (data.type === 'text_delta') expect(data.index).toBe(next);
    shown = data.type === 'text_delta' ? shown + data.text : data.text;
    next = data.index + 1;
  }
  return shown;
}

it('whoever follows from the start, comes late or follows everything has all of it, and goes on with it', async () => {
  const early = await gateway.connect(user);
  // Its last piece is gathered when it ends.
  const steps = [{ text: LONG }, { gate: 'one' }, { text: 'big ' }, { gate: 'two' }, { text: 'world' }];
  const text = script(...steps);
  const asked = await early.ask({ type: 'user_message', agent: 'scripted', text });
  const { thread_id: threadId, run_id: runId } = accepted.parse(asked);
  await until(() => textOf(early) === LONG, { message: 'the long piece' });

  const late = await gateway.connect(user, '?follow=none');
  await late.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
  await until(() => textOf(late) === LONG, { message: 'the text so far' });
  worker.get(Gates).open('one');
  await late.next((frame) => frame.type === 'text_delta' && frame.text === 'big ');
  const following = await gateway.connect(user);
  await until(() => textOf(following) === `${LONG}big `, { message: 'the text so far of everything' });
  worker.get(Gates).open('two');
  for (const client of [early, late, following]) {
    await finalEvent(client, runId);
    const shown = textOf(client);
    expect([shown.startsWith(LONG), shown.slice(LONG.length)]).toEqual([true, 'big world']);
    const end = client.frames.findIndex(({ final }) => final === true);
    expect(client.frames.slice(end).filter((frame) => piece.safeParse(frame).success)).toEqual([]);
    client.close();
  }
});
