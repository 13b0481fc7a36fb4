import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV3Prompt, LanguageModelV3StreamPart } from '@ai-sdk/provider';
import fc from 'fast-check';
import { PlannerModel } from './planner-model.js';

const prompt: LanguageModelV3Prompt = [{ role: 'user', content: [{ type: 'text', text: '{"query":"costs"}' }] }];

const textOf = (parts: readonly LanguageModelV3StreamPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');

describe('PlannerModel', () => {
  it('streams the reasoning and the calls of a step', async () => {
    const model = new PlannerModel(({ input }) => ({
      reasoning: `Looking up ${JSON.stringify(input.query)}.`,
      calls: [
        { tool: 'query_usage', parameters: { group_by: 'model' } },
        { tool: 'data_quality', parameters: {} },
      ],
    }));
    const { stream } = await model.doStream({ prompt });
    const parts: LanguageModelV3StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts).toMatchObject([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', delta: 'Looking up "costs".' },
      { type: 'reasoning-end' },
      { type: 'tool-call', toolCallId: 'planner_1', toolName: 'query_usage', input: '{"group_by":"model"}' },
      { type: 'tool-call', toolCallId: 'planner_2', toolName: 'data_quality', input: '{}' },
      { type: 'finish', finishReason: { unified: 'tool-calls' } },
    ]);
  });

  it('streams a text in chunks of words that add up to the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (text) => {
        expect(textOf(new PlannerModel(() => ({ reasoning: '', text })).parts(prompt))).toBe(text);
      }),
    );
  });

  it('never cuts a word of ordinary length', () => {
    const text = 'The largest share of the spend, 61.2 %, went to gpt-4o for support tickets in the last hour.';
    const deltas = new PlannerModel(() => ({ reasoning: '', text }))
      .parts(prompt)
      .flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    expect(deltas.length).toBeGreaterThan(1);
    for (const delta of deltas.slice(0, -1)) expect(delta).toMatch(/\s$/);
  });

  it('gives the same parts for the same messages', () => {
    const model = new PlannerModel(() => ({ reasoning: 'Because.', text: 'The answer.' }));
    expect(model.parts(prompt)).toEqual(model.parts(prompt));
  });
});
