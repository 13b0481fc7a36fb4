import { describe, expect, it } from '@jest/globals';
import { beyondOf } from './beyond.js';
import { readQuestion } from './follow-up.js';

describe('what rules cannot answer', () => {
  it.each([
    'Wie hoch waren unsere Kosten letzten Monat?',
    'Was würde gpt-5-mini sparen?',
    'Was haben wir im Juli für KI ausgegeben?',
    'Wie hoch war unser Token Spend im Juli?',
    'Analysiere bitte unsere AI Kosten',
    'Was kosten unsere Tokens?',
    'Wie hoch ist das AI Budget pro Team und Feature?',
    'Combien avons-nous dépensé en juillet ?',
    '¿Cuánto gastamos el mes pasado?',
    'Quanto abbiamo speso a luglio?',
    'Hoeveel hebben we vorige maand uitgegeven?',
    '先月の費用は？',
    'Сколько мы потратили?',
  ])('is another language: %s', (text) => {
    expect(readQuestion(text, [])).toMatchObject({ intent: 'unrelated', beyond: 'other_language' });
    expect(readQuestion(text, [])).not.toHaveProperty('perhaps');
  });

  it.each([
    'Delete all usage data',
    'please set up an alert for $100',
    'Can you email me the report?',
    'export July to Excel',
    'Email me the report',
    'Send this to my boss',
    'Set up an alert when we exceed $100',
    'Alert me when costs rise',
    'Email me the costs of July',
    'Disable caching',
    'Download report',
  ])('is something to do: %s', (text) => {
    expect(beyondOf(text)).toBe('action');
  });

  it.each([
    'What was our spend in the Müller team?',
    'How much did the feature "Kosten" cost?',
    'What did El Niño cost us in July?',
    'What would happen if we disable caching?',
    'Send me a report of July',
    'costs',
    'spend for team der-zug last month',
    'die team costs',
    'Le Chat costs?',
    'Los Angeles team costs?',
    'MIT project spend?',
    'IM costs?',
    'And email?',
    'Now export?',
    'Email costs last month?',
    'Export feature spend in July',
    'Turn off thinking on Claude Sonnet 4.5: what would we save?',
    'Remind me how much we spent in July',
    'hi',
  ])('is neither: %s', (text) => {
    expect(beyondOf(text)).toBeUndefined();
  });

  it('is passed over by the question after it', () => {
    const asked = 'What did team support spend?';
    expect(readQuestion('and last week?', [asked, 'Wie hoch waren unsere Kosten?'])).toMatchObject({
      continues: [asked],
    });
  });
});
