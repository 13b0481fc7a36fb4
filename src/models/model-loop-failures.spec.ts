import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { APICallError } from '@ai-sdk/provider';
import { converse, modelLoop } from '../../test/support/model-loop.js';
import { finish, ScriptedModel, textParts, type Turn } from '../../test/support/scripted-model.js';
import type { Plan } from './plan.js';

const plan: Plan = () => ({ reasoning: 'Summing up.', text: 'Planned answer.' });
const answer = [...textParts('You spent $5.'), finish('stop')];
const failing = (statusCode: number, responseHeaders: Record<string, string> = {}): Turn => ({
  fails: new APICallError({ message: 'no', url: '', requestBodyValues: {}, statusCode, responseHeaders }),
});

describe('ModelLoop when the provider fails', () => {
  afterEach(() => void jest.useRealTimers());

  it('asks again after a rate limit, no sooner than the provider wants', async () => {
    const model = new ScriptedModel([failing(429, { 'retry-after': '4' }), answer]);
    const { loop, pausesMs } = modelLoop({ model });
    const heard = await converse(loop, { plan });
    expect(heard.outcome).toMatchObject({ text: 'You spent $5.', degraded: false });
    expect([pausesMs, heard.notices]).toEqual([[4_000], []]);
  });

  it('gives the step to the planner after three attempts, and says so', async () => {
    const model = new ScriptedModel([failing(503)]);
    const { loop, pausesMs } = modelLoop({ model });
    const heard = await converse(loop, { plan });
    expect(model.requests).toHaveLength(3);
    expect(pausesMs).toEqual([500, 1_000]);
    expect(heard.outcome).toMatchObject({ text: 'Planned answer.', degraded: true });
    expect(heard.notices).toEqual([
      { reason: 'The model provider has a problem of its own (503); the planner goes on.', code: 'model_unavailable' },
    ]);
  });

  it('does not ask again when the key is refused', async () => {
    const model = new ScriptedModel([failing(401)]);
    const heard = await converse(modelLoop({ model }).loop, { plan });
    expect(model.requests).toHaveLength(1);
    expect(heard.outcome.text).toBe('Planned answer.');
  });

  it('does not ask a model that could not answer before the time of the agent is over', async () => {
    const model = new ScriptedModel([answer]);
    const { loop } = modelLoop({ model });
    const heard = await converse(loop, { plan, deadlineMs: performance.now() + 1_000 });
    expect(model.requests).toEqual([]);
    expect(heard.outcome).toMatchObject({ text: 'Planned answer.', degraded: true });
    expect(heard.notices.map(({ reason }) => reason)).toEqual([
      'There is too little time for the model to answer; the planner goes on.',
    ]);
    expect((await converse(loop, { plan })).outcome.text).toBe('You spent $5.');
  });

  it('still asks a model that needed more than an agent had time for', async () => {
    jest.useFakeTimers();
    const model = new ScriptedModel([{ parts: [...answer], pauseMs: 5_000 }, answer]);
    const { loop } = modelLoop({ model });
    const hurried = converse(loop, { plan, deadlineMs: performance.now() + 7_000 });
    await jest.advanceTimersByTimeAsync(7_000);
    expect((await hurried).outcome).toMatchObject({ text: 'Planned answer.', degraded: true });
    expect((await converse(loop, { plan })).outcome).toMatchObject({ text: 'You spent $5.', degraded: false });
  });

  it('keeps an answer that goes on growing for more than a third of the time', async () => {
    jest.useFakeTimers();
    const words = Array.from({ length: 35 }, (_, index) => `${index} `);
    const model = new ScriptedModel([{ parts: [...textParts(...words), finish('stop')], pauseMs: 1_000 }]);
    const slow = converse(modelLoop({ model }).loop, { plan, deadlineMs: performance.now() + 60_000 });
    await jest.advanceTimersByTimeAsync(40_000);
    const { outcome, voids } = await slow;
    expect([outcome.text, outcome.degraded, voids]).toEqual([words.join('').trim(), false, 0]);
  });

  it('asks a provider that is away no more in the next conversation', async () => {
    const model = new ScriptedModel([failing(500)]);
    const { loop } = modelLoop({ model });
    await converse(loop, { plan });
    const heard = await converse(loop, { plan });
    expect(model.requests).toHaveLength(3);
    expect(heard.notices.map(({ reason }) => reason)).toEqual(['The model provider is away; the planner goes on.']);
  });

  it('takes back the text of a cut stream and says that the answer starts again', async () => {
    const cut: Turn = { parts: textParts('You sp').slice(0, 2), cut: new TypeError('terminated') };
    const heard = await converse(modelLoop({ model: new ScriptedModel([cut, answer]) }).loop, { plan });
    expect(heard.deltas).toEqual(['You sp', 'You spent $5.']);
    expect([heard.voids, heard.shown]).toEqual([1, 'You spent $5.']);
    expect(heard.outcome).toMatchObject({ text: 'You spent $5.', degraded: false });
    expect(heard.notices.map(({ reason }) => reason)).toEqual(["The model's answer broke off; it starts again."]);
  });

  it('takes nothing of a broken attempt into the conversation, tool calls neither', async () => {
    const broken: Turn = [
      { type: 'tool-call', toolCallId: 'a', toolName: 'query_usage', input: '{}' },
      { type: 'error', error: { type: 'overloaded_error' } },
    ];
    const heard = await converse(modelLoop({ model: new ScriptedModel([broken, answer]) }).loop, { plan });
    expect(heard.outcome).toMatchObject({ text: 'You spent $5.', calls: [], steps: 1 });
  });

  it('stops a hanging call at once when the signal aborts, and asks no more', async () => {
    const controller = new AbortController();
    const model = new ScriptedModel([{ parts: textParts('You sp').slice(0, 2), hangs: true }]);
    const running = converse(modelLoop({ model }).loop, {
      plan,
      signal: controller.signal,
      onText: () => controller.abort(new Error('cancelled by the user')),
    });
    await expect(running).rejects.toThrow('cancelled by the user');
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.abortSignal?.aborted).toBe(true);
  });
});
