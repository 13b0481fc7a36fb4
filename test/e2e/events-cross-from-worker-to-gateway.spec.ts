import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkRunGrammar, isThreadEvent, type ServerFrame, type ThreadEvent } from '@goldenpath/protocol';
import { TestServer } from '../support/server.js';

let gateway: TestServer;
let worker: TestServer;

beforeAll(async () => {
  gateway = await TestServer.start({ ROLE: 'api' });
  worker = await gateway.sibling({ ROLE: 'worker' });
});
afterAll(async () => {
  await worker.stop();
  await gateway.stop();
});

it('shows a run live on one process that another one executes, in order and without gap', async () => {
  const user = await gateway.register();
  const client = await gateway.connect(user);
  const startedMs = performance.now();
  client.send({ type: 'user_message', text: 'Analyze my AI costs' });
  await client.next((frame) => frame.type === 'agent_completed' && frame.final === true);
  // Live means by the announcement, not by the position check that bounds a lost one.
  expect(performance.now() - startedMs).toBeLessThan(4_000);
  const events = client.frames.filter((frame): frame is typeof frame & ThreadEvent =>
    isThreadEvent(frame as unknown as ServerFrame),
  );
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(checkRunGrammar(events)).toEqual([]);
});

it('cancels a run on one process that another one executes', async () => {
  const user = await gateway.register();
  const client = await gateway.connect(user);
  client.send({ type: 'user_message', text: 'Analyze my AI costs' });
  const started = await client.next('agent_started');
  client.send({ type: 'cancel_run', run_id: started.run_id });
  const final = await client.next((frame) => frame.type === 'agent_completed' && frame.final === true);
  // A run this short may be over first; then it is the refusal that must be typed.
  expect(['cancelled', 'completed']).toContain(final.status);
});
