import { describe, expect, it } from '@jest/globals';
import { readQuestion } from './follow-up.js';

describe('a question about what was said before', () => {
  it.each([
    'What can we do about it?',
    'how do we prevent that',
    'can we fix this?',
    'How do we bring it down?',
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
  ])('asks for no remedy: %s', (text) => {
    expect(readQuestion(text, ['Why did spend jump on August 11?'])).not.toHaveProperty('remedies');
  });

  it('holds the periods of two questions against each other when their difference is asked for', () => {
    const earlier = ['What did we spend in July?', 'and August?'];
    expect(readQuestion('difference?', earlier)).toMatchObject({
      intent: 'comparison',
      continues: [...earlier].reverse(),
    });
  });
});
