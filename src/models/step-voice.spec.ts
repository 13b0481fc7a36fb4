import { describe, expect, it } from '@jest/globals';
import { callPart, finish } from '../../test/support/scripted-model.js';
import { AnswerReader, type StepAnswer } from './step-answer.js';
import { StepVoice } from './step-voice.js';

function voice() {
  const said: string[] = [];
  const step = new StepVoice({
    onThinking: ({ reasoning, step: name }) => said.push(`${name}: ${reasoning}`),
    onText: (delta) => said.push(delta),
    onTextVoid: () => said.push('<void>'),
  });
  return { step, said };
}

function answerWith(...calls: Parameters<typeof callPart>[]): StepAnswer {
  const reader = new AnswerReader({ text: () => undefined, reasoning: () => undefined });
  for (const call of calls) reader.take(callPart(...call));
  reader.take(finish('tool-calls'));
  return reader.answer();
}

describe('StepVoice', () => {
  it('says the reasoning before the answer begins', () => {
    const { step, said } = voice();
    step.reasoning('All figures ');
    step.reasoning('are there.');
    step.text('You spent ');
    step.text('$5.');
    expect(said).toEqual(['answer: All figures are there.', 'You spent ', '$5.']);
  });

  it('says the reasoning of a step that calls tools', () => {
    const { step, said } = voice();
    step.reasoning('The models first.');
    step.finished(answerWith(['query_usage', { group_by: 'model' }]));
    expect(said).toEqual(['query_usage: The models first.']);
  });

  it('takes back text that turns out to stand before tool calls, and says it as a thought', () => {
    const { step, said } = voice();
    step.text('Let me look at the models.');
    step.finished({ ...answerWith(['query_usage', {}]), text: 'Let me look at the models.' });
    expect(said).toEqual(['Let me look at the models.', '<void>', 'query_usage: Let me look at the models.']);
  });

  it('shows no blank text before it is known to be part of an answer', () => {
    const { step, said } = voice();
    step.text('\n\n');
    step.finished(answerWith(['query_usage', {}]));
    expect(said).toEqual(['query_usage: Calling query_usage.']);
    const answer = voice();
    answer.step.text('\n');
    answer.step.text('# Costs');
    expect(answer.said).toEqual(['\n# Costs']);
  });

  it('makes a true sentence of the calls when a model says nothing', () => {
    const { step, said } = voice();
    step.finished(answerWith(['query_usage', { group_by: 'model', days: 7 }, 'a'], ['make_chart', 'no JSON', 'b']));
    expect(said).toEqual(['query_usage, make_chart: Calling query_usage with group_by=model, days=7 and make_chart.']);
  });

  it('takes back what a broken attempt had shown', () => {
    const { step, said } = voice();
    step.text('You sp');
    expect(step.takeBack()).toBe(true);
    expect(step.takeBack()).toBe(false);
    expect(said).toEqual(['You sp', '<void>']);
  });
});
