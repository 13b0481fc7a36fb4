import { describe, expect, it } from '@jest/globals';
import { readQuestion } from './question.js';

describe('reading a question by rules', () => {
  it.each([
    ['Analyze my AI costs', 'overview'],
    ['How much did we spend in March?', 'overview'],
    ['Which team is the most expensive?', 'breakdown'],
    ['Why did spend jump on Tuesday?', 'anomaly'],
    ['What would GPT-5 mini save us on support?', 'savings'],
    ['How can we reduce our bill?', 'savings'],
    ['What will we spend next month?', 'forecast'],
    ['Are we within our budget of $5,000?', 'forecast'],
    ['How did cost develop over time?', 'trend'],
    ['What data is missing?', 'data_quality'],
    ['What is the capital of France?', 'unrelated'],
    ['who is the president of France?', 'unrelated'],
    ['Why is the sky blue?', 'unrelated'],
    ['top songs of the year', 'unrelated'],
    ['Who spends the most?', 'breakdown'],
    ['hello', 'unrelated'],
    ['Tell me a joke', 'unrelated'],
  ])('%s → %s', (text, intent) => {
    expect(readQuestion(text, false).intent).toBe(intent);
  });

  it('takes a follow-up for a question about costs', () => {
    expect(readQuestion('and for support only?', true).intent).toBe('overview');
  });

  it('finds models, dimensions, days and a budget', () => {
    const { entities } = readQuestion(
      'Compare gpt-4o and Claude Sonnet 4.5 by team for March 2025, budget $5,000',
      false,
    );
    expect(entities).toEqual({
      models: ['gpt-4o', 'claude-sonnet-4.5'],
      dimensions: ['team'],
      from: '2025-03-01',
      to: '2025-04-01',
      budget: '$5,000',
    });
    expect(readQuestion('What would GPT-5 mini save?', false).entities.models).toEqual(['gpt-5-mini']);
    expect(readQuestion('costs from 2025-01-05 to 2025-01-07', false).entities).toMatchObject({
      from: '2025-01-05',
      to: '2025-01-08',
    });
    expect(readQuestion('costs on 2025-02-31', false).entities).not.toHaveProperty('from');
  });
});
