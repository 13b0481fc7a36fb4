import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RunClaims } from '../../src/runs/run-claims.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { Gates } from '../support/gates.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer } from '../support/server.js';

let gateway: TestServer;
let worker: TestServer;

beforeAll(async () => {
  gateway = await TestServer.start({ ROLE: 'api' }, [ScriptedModule]);
  worker = await gateway.sibling({ ROLE: 'worker' }, [ScriptedModule]);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await worker.stop();
  await gateway.stop();
});

it('does not wait for the next renewal of the lease', async () => {
  const claims = worker.get(RunClaims);
  const renew = claims.renew.bind(claims);
  // Renewals that tell of no cancellation: only the announcement is left.
  jest
    .spyOn(claims, 'renew')
    .mockImplementation(async (fences) =>
      (await renew(fences)).map(({ runId }) => ({ runId, cancelReason: undefined })),
    );
  const client = await gateway.connect(await gateway.register());
  const asked = await client.ask({ type: 'user_message', agent: 'scripted', text: script({ gate: 'never' }) });
  const { run_id: runId } = accepted.parse(asked);
  await worker.get(Gates).reached('never');
  client.send({ type: 'cancel_run', run_id: runId });
  expect(await finalEvent(client, runId)).toMatchObject({ status: 'cancelled' });
});
