import { describe, expect, it } from '@jest/globals';
import { readQuestion } from './follow-up.js';

describe('a question about what was said before', () => {
  it.each([
    'What can we do about it?',
    'how do we prevent that',
    'can we fix this?',
    'How do we bring it down?',
    'Can we get this under control?',
    'What can team data do about it?',
    'thanks, what now?',
    'so what should we do',
    'any ideas?',
  ])('asks for a remedy of what was found: %s', (text) => {
    const asked = 'Why did spend jump on August 11?';
    expect(readQuestion(text, [asked])).toMatchObject({ intent: 'advice', remedies: true, continues: [asked] });
    expect(readQuestion(text, [])).not.toHaveProperty('remedies');
    expect(readQuestion(text, ['What is the capital of France?'])).not.toHaveProperty('remedies');
  });

  it.each([
    'How can we save?',
    'Can we keep it under $5,000?',
    'and for support?',
    'What would gpt-5-mini save on that?',
    'Can you get that by team?',
    'Can I get this per day?',
    'Keep that but by month',
    'How did we get that number?',
    'Where do you get this from?',
    'Did we get cheaper this month?',
    'Did support get cheaper this month?',
    'Did we cut costs this month?',
    'Did it get worse this week?',
    'Did costs stop growing this week?',
    'How much do we spend on that?',
    'Which teams did something about it?',
  ])('asks for no remedy: %s', (text) => {
    expect(readQuestion(text, ['Why did spend jump on August 11?'])).not.toHaveProperty('remedies');
    expect(readQuestion(text, ['What did we spend in July?'])).not.toHaveProperty('remedies');
  });

  it.each([
    ['Can you get that by team?', { dimensions: ['team'] }],
    ['Can I get this per day?', { grain: 'day' }],
    ['Keep that but by month', { grain: 'month' }],
  ])('tells apart what was asked about before: %s', (text, entities) => {
    const asked = 'What did we spend in July?';
    expect(readQuestion(text, [asked])).toMatchObject({ continues: [asked], entities });
  });

  it('holds the periods of two questions against each other when their difference is asked for', () => {
    const earlier = ['What did we spend in July?', 'and August?'];
    expect(readQuestion('difference?', earlier)).toMatchObject({
      intent: 'comparison',
      continues: [...earlier].reverse(),
    });
  });
});
