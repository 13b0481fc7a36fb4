import { describe, expect, it } from '@jest/globals';
import { severalQuestions } from './several-questions.js';

describe('a message that asks several things', () => {
  it.each([
    [
      'What did we spend last month and what will we spend next month?',
      'What did we spend last month',
      ['what will we spend next month?'],
    ],
    [
      'Why did costs jump on August 11? What can we do about it?',
      'Why did costs jump on August 11?',
      ['What can we do about it?'],
    ],
    ['Which day was the worst, and how can we save?', 'Which day was the worst', ['how can we save?']],
  ])('is answered for the first of them: %s', (text, asked, also) => {
    expect(severalQuestions(text)).toEqual({ asked, also });
  });

  it.each([
    'How much did we spend in July and which team spent the most?',
    'What did we spend in July and what did we spend in August?',
    'Our bill looks too high. Why did spend jump in August?',
    'We have a budget of $5,000 for September. Will we stay within it?',
    'Compare support and engineering',
    'Hello! What did we spend?',
    'What did we spend?',
  ])('is one question where one answer says it: %s', (text) => {
    expect(severalQuestions(text)).toEqual({ asked: text, also: [] });
  });
});
