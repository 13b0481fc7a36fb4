import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { TestServer, type TestUser } from '../support/server.js';
import { accepted, eventTexts, finalEvent } from '../support/finished-run.js';

let gateway: TestServer;
let elsewhere: TestServer;
let user: TestUser;

beforeAll(async () => {
  gateway = await TestServer.start({ ROLE: 'api' });
  elsewhere = await gateway.sibling();
  user = await gateway.register();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await elsewhere.stop();
  await gateway.stop();
});

/** The gateway hears nothing of what is committed elsewhere, from now on until as many announcements were lost. */
function loseAnnouncements(count: number): void {
  const hub = gateway.get(ThreadHub);
  const announceHead = hub.announceHead.bind(hub);
  let lost = 0;
  jest.spyOn(hub, 'announceHead').mockImplementation((head) => {
    lost += 1;
    if (lost > count) announceHead(head);
  });
}

/** What a connection to the gateway gets of a run that was asked for, and runs, on another server. */
async function seqsOfARun(): Promise<number[]> {
  const client = await gateway.connect(user);
  const asked = await elsewhere.connect(user);
  const { thread_id: threadId, run_id: runId } = accepted.parse(
    await asked.ask({ type: 'user_message', text: 'Analyze my AI costs' }),
  );
  await Promise.all([finalEvent(client, runId), finalEvent(asked, runId)]);
  expect(eventTexts(client, threadId)).toEqual(eventTexts(asked, threadId));
  const seqs = client.events(threadId).map(({ seq }) => Number(seq));
  for (const one of [client, asked]) one.close();
  return seqs;
}

const withoutGap = (seqs: readonly number[]): number[] => seqs.map((_seq, index) => index + 1);

describe('a gateway that loses announcements of a thread that it has never sent', () => {
  it('sends the thread from its beginning when a later one arrives', async () => {
    loseAnnouncements(2);
    const seqs = await seqsOfARun();
    expect(seqs).toEqual(withoutGap(seqs));
  });

  it('finds the thread by itself when all of them are lost', async () => {
    loseAnnouncements(Infinity);
    const seqs = await seqsOfARun();
    expect(seqs).toEqual(withoutGap(seqs));
    expect(seqs.length).toBeGreaterThan(5);
  });
});
