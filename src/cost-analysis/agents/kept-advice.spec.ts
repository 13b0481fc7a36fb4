import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PREFERENCES } from '../../context/user-preferences.js';
import { triageFinding } from './findings.js';
import { readQuestion } from './follow-up.js';
import { isOfEverything, reuseFor } from './kept-advice.js';

const context = { createdAt: new Date('2026-08-28T10:00:00Z'), preferences: DEFAULT_PREFERENCES };
const reuse = (query: string, earlier: readonly string[] = []) =>
  reuseFor({ query, context }, readQuestion(query, earlier));

describe('recommendations that were found before', () => {
  it.each([
    ['what should we do first?', 'of_everything'],
    ['Overall, what should we do first?', 'of_everything'],
    ['how do I verify step 2?', 'any'],
    ['How do I undo the first saving?', 'any'],
    ['Give me an action plan for July', 'none'],
    ["What should we do about last week's spike?", 'none'],
    ['What can I do to reduce spend this month?', 'none'],
    ['what should team support do first?', 'none'],
    ['What could we do to stay under $5,000?', 'none'],
    ['What did we spend?', 'none'],
  ])('%s can be answered from: %s', (text, expected) => {
    expect(reuse(text)).toBe(expected);
  });

  it('do not answer what goes on from a narrower question, unless it points at one of them', () => {
    expect(reuse('and what should we do first?', ['How can team support save?'])).toBe('none');
    expect(reuse('and what should we do first?', ['How can we save?'])).toBe('of_everything');
    expect(reuse('and how do I undo it?', ['How can team support save?', 'how do I verify step 2?'])).toBe('any');
  });

  it('are of everything unless a name, a day or a model limits them', () => {
    const of = (triage: object) => isOfEverything(triageFinding({ findings: { triage: { ...triage } } }));
    expect(of({})).toBe(true);
    expect(of({ where: { team: 'support' } })).toBe(false);
    expect(of({ entities: { from: '2026-07-01' } })).toBe(false);
    expect(of({ entities: { from_model: 'gpt-4o' } })).toBe(false);
  });
});
