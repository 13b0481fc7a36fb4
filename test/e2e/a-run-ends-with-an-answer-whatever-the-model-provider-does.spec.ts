import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { breaksOff, calls, hangs, ModelHost, refuses, says, sends, type ModelAnswer } from '../support/model-host.js';
import { logFaults } from '../support/run-log.js';
import { TestServer } from '../support/server.js';

interface Fault {
  readonly answer: ModelAnswer;
  /** What the user is told; undefined: nothing had to be given to the planner for it. */
  readonly told: RegExp | undefined;
  /** Most requests of the run: retries and steps are bounded. */
  readonly requestsMax: number;
  readonly timeoutMs?: number;
}

const ANSWER = says('There is no usage data yet: import some, then ask again.');
/** The first of the requests meets the fault, the others are answered. */
const once =
  (fault: ModelAnswer): ModelAnswer =>
  (response, request) =>
    (request === 0 ? fault : ANSWER)(response, request);
const toolCall = (name: string, parameters: string): ModelAnswer => calls({ name, parameters });

/** Three agents speak with a model when there is no data: triage, data_helper and report, each up to eight steps. */
const STEPS_MAX = 24;

const FAULTS: Readonly<Record<string, Fault>> = {
  'limits requests for good': { answer: refuses(429), told: /is limiting requests \(429\)/, requestsMax: 6 },
  'limits requests once, with Retry-After': {
    answer: once(refuses(429, { 'retry-after': '1' })),
    told: undefined,
    requestsMax: STEPS_MAX,
  },
  'wants a pause of an hour': {
    answer: refuses(429, { 'retry-after': '3600' }),
    told: /is limiting requests \(429\)/,
    requestsMax: 1,
  },
  'has a problem of its own': { answer: refuses(500), told: /has a problem of its own \(500\)/, requestsMax: 6 },
  'has a problem once': { answer: once(refuses(503)), told: undefined, requestsMax: STEPS_MAX },
  'never answers': { answer: hangs, told: /did not answer in time/, requestsMax: 4, timeoutMs: 300 },
  'breaks off in the middle': { answer: breaksOff, told: /broke off/, requestsMax: STEPS_MAX * 3 },
  'breaks off once': { answer: once(breaksOff), told: /broke off; it starts again/, requestsMax: STEPS_MAX + 1 },
  'sends chunks that are no JSON': {
    answer: sends('data: {"choices": [\n\ndata: oops\n\n'),
    told: /not an answer|broke off/,
    requestsMax: STEPS_MAX * 3,
  },
  'sends a web page': {
    answer: sends('<html><body>Welcome</body></html>', 'text/html'),
    told: /not an answer|broke off/,
    requestsMax: STEPS_MAX * 3,
  },
  'sends nothing': { answer: sends(''), told: /not an answer|broke off|empty/, requestsMax: STEPS_MAX * 3 },
  'answers with an empty text': { answer: says(''), told: /gave an empty answer/, requestsMax: STEPS_MAX },
  'refuses the key': { answer: refuses(401), told: /refused the key \(401\)/, requestsMax: 2 },
  'calls a tool with wrong parameters for ever': {
    answer: toolCall('data_quality', '{"from": 7, "nonsense": {}}'),
    told: /came to no end in 8 steps/,
    requestsMax: STEPS_MAX,
  },
  'calls a tool with parameters that are no JSON for ever': {
    answer: toolCall('data_quality', '{"from": '),
    told: /came to no end in 8 steps/,
    requestsMax: STEPS_MAX,
  },
  'calls a tool that does not exist for ever': {
    answer: toolCall('transfer_money', '{}'),
    told: /came to no end in 8 steps/,
    requestsMax: STEPS_MAX,
  },
  'calls the same tool for ever': {
    answer: toolCall('data_quality', '{}'),
    told: /came to no end in 8 steps/,
    requestsMax: STEPS_MAX,
  },
};

const isThought = ({ type }: JsonObject): boolean => type === 'agent_thinking';

describe('a run ends with an answer when the model provider', () => {
  let server: TestServer | undefined;
  let host: ModelHost | undefined;
  afterEach(async () => {
    await server?.stop();
    await host?.close();
    server = host = undefined;
  });

  it.each(Object.entries(FAULTS))('%s', async (_name, { answer, told, requestsMax, timeoutMs }) => {
    host = new ModelHost(answer);
    await host.open();
    server = await TestServer.start(host.environment(timeoutMs));
    const client = await server.connect(await server.register());
    const question = await client.ask({ type: 'user_message', text: 'Analyze my AI costs' });
    const { run_id: runId, thread_id: threadId } = accepted.parse(question);
    const final = await finalEvent(client, runId);
    expect(final).toMatchObject({ status: 'completed', response: expect.stringMatching(/\S{3}/) });
    const thoughts = client.events(threadId).filter(isThought);
    const said = thoughts.map(({ reasoning }) => (typeof reasoning === 'string' ? reasoning : ''));
    if (told === undefined) expect(said.join('\n')).not.toMatch(/the planner goes on/);
    else expect(said).toContainEqual(expect.stringMatching(told));
    expect(said.join('\n')).not.toContain('sk-secret-key');
    expect(host.askedAtMs.length).toBeLessThanOrEqual(requestsMax);
    expect(await logFaults(server.database, threadId)).toEqual([]);
  });

  it('asks for a pause, which it gets', async () => {
    host = new ModelHost(once(refuses(429, { 'retry-after': '1' })));
    await host.open();
    server = await TestServer.start(host.environment());
    const client = await server.connect(await server.register());
    const { run_id: runId } = accepted.parse(await client.ask({ type: 'user_message', text: 'Analyze my AI costs' }));
    await finalEvent(client, runId);
    const [first = 0, second = 0] = host.askedAtMs;
    // A timer may fire a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(999);
  });
});
