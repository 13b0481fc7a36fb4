import { describe, expect, it } from '@jest/globals';
import { readQuestion } from './follow-up.js';

describe('reading a question by rules', () => {
  it.each([
    ['Analyze my AI costs', 'overview'],
    ['How much did we spend in March?', 'total'],
    ['What did we spend for team support?', 'total'],
    ['Which team is the most expensive?', 'breakdown'],
    ['Why did spend jump on Tuesday?', 'change'],
    ['What drove the increase in cost last week?', 'change'],
    ['Were there any unusual days?', 'anomaly'],
    ['Compare gpt-4o and gpt-5-mini', 'comparison'],
    ['Does prompt caching pay?', 'savings'],
    ['Give me a report on our costs', 'overview'],
    ['What would GPT-5 mini save us on support?', 'what_if'],
    ['What if we moved gpt-4o to gpt-4o-mini?', 'what_if'],
    ['What are our biggest cost drivers?', 'breakdown'],
    ['What drives our costs?', 'breakdown'],
    ['What is driving costs up?', 'change'],
    ['Is our AI spend getting more expensive?', 'change'],
    ['Can we trust these numbers?', 'reconciliation'],
    ['How accurate are these figures?', 'reconciliation'],
    ['What should I tell the CFO?', 'overview'],
    ['How much does output cost us compared to input?', 'units'],
    ['Show me spend by week', 'trend'],
    ['and in July?', 'total'],
    ['last month?', 'total'],
    ['How was your weekend?', 'unrelated'],
    ['Who is the CFO of Apple?', 'unrelated'],
    ['How can we reduce our bill?', 'savings'],
    ['What will we spend next month?', 'forecast'],
    ['Are we within our budget of $5,000?', 'budget'],
    ['How did cost develop over time?', 'trend'],
    ['What data is missing?', 'data_quality'],
    ['What is the capital of France?', 'unrelated'],
    ['who is the president of France?', 'unrelated'],
    ['Why is the sky blue?', 'unrelated'],
    ['top songs of the year', 'unrelated'],
    ['Who spends the most?', 'breakdown'],
    ['hello', 'unrelated'],
    ['Tell me a joke', 'unrelated'],
    // As people ask who don't know our words.
    ['What did we pay Anthropic last month?', 'total'],
    ['What did we spend and on what?', 'total'],
    ['how mcuh did we spned last mnoth', 'total'],
    ['anaylze my ai costs', 'overview'],
    ['Give me the monthly trend', 'trend'],
    ["What's the monthly average?", 'trend'],
    ['Is our spend growing?', 'trend'],
    ['What is our cost per request?', 'units'],
    ['What do we pay per 1k tokens?', 'units'],
    ['How many requests did we make in July?', 'units'],
    ['what is our cache hit rate?', 'units'],
    ['What were our most expensive days?', 'peak'],
    ['Which month was the worst?', 'peak'],
    ['What share of spend is gpt-4o?', 'share'],
    ['What percentage of spend has no team?', 'share'],
    ['How does August compare to July?', 'comparison'],
    ['Compare this month with last month', 'comparison'],
    ['Which is more expensive, OpenAI or Anthropic?', 'comparison'],
    ['What happened on 11 Aug?', 'change'],
    ['What changed last week?', 'change'],
    ['What has changed since June?', 'change'],
    ['How did spend change in July?', 'change'],
    ['why are we spending more than last month', 'change'],
    ['Did anything weird happen with our costs lately?', 'anomaly'],
    ['Will we stay under $5,000 this month?', 'budget'],
    ['will we stay within budget of 10k this quarter', 'budget'],
    ['Are we on track?', 'budget'],
    ["What's our burn rate?", 'forecast'],
    ['How much will AI cost us by the end of the year?', 'forecast'],
    ['what if volume grows 20%?', 'forecast'],
    ['what if support used gpt-5-mini instead', 'what_if'],
    ['Would it be cheaper to run code review on haiku 4.5?', 'what_if'],
    ['What would happen if we dropped gpt-4o?', 'savings'],
    ["What's the biggest waste?", 'savings'],
    ['How many requests fail, and what do they cost?', 'savings'],
    ['What should we do first?', 'advice'],
    ['how do I verify step 2?', 'advice'],
    ['low hanging fruit?', 'advice'],
    ['What can we do first?', 'advice'],
    ['What can we do about it?', 'advice'],
    ['What should we do?', 'advice'],
    ['What could we do to stay under $5,000?', 'advice'],
    ['how do we verify that it works?', 'advice'],
    ['How do I undo the first saving?', 'advice'],
    ['How much would the first step save?', 'advice'],
    ['Who should own the second step?', 'advice'],
    ['Who should own the July budget?', 'budget'],
    ['How much did we spend in total on the first step pipeline?', 'total'],
    ['Is our bill correct?', 'reconciliation'],
    ['Can I trust these numbers?', 'reconciliation'],
    ['How accurate is this?', 'reconciliation'],
    ['Are the reported costs accurate?', 'reconciliation'],
    ['Do you believe costs will rise next month?', 'forecast'],
    ['Do you believe we will exceed our budget of $5,000?', 'budget'],
    ['How accurate is the forecast?', 'forecast'],
    ['Is the forecast for August reliable?', 'forecast'],
    ['Which model is the most accurate for its cost?', 'breakdown'],
    ['How can we verify the invoice is right?', 'reconciliation'],
    ['how do we verify the bill?', 'reconciliation'],
    ['Are we being overcharged?', 'reconciliation'],
    ['Why is the reported cost different from the computed cost?', 'reconciliation'],
    ['What period does the data cover?', 'data_quality'],
    ['How many teams do we have?', 'breakdown'],
    ['thanks!', 'unrelated'],
  ])('%s → %s', (text, intent) => {
    expect(readQuestion(text, []).intent).toBe(intent);
  });

  it.each([
    ['and for support only?', 'what_if', 'gpt-5-mini'],
    ['same for last week', 'what_if', 'gpt-5-mini'],
    ['what about gpt-4o-mini?', 'what_if', 'gpt-4o-mini'],
    ['and on Tuesday?', 'what_if', 'gpt-5-mini'],
  ])('goes on from the question before: %s', (text, intent, model) => {
    const asked = 'What would GPT-5 mini save us in July 2026?';
    const { entities, continues, ...read } = readQuestion(text, ['Analyze my AI costs', asked]);
    expect(read.intent).toBe(intent);
    expect(entities.to_model).toBe(model);
    expect(continues).toEqual([asked]);
    expect(entities).not.toHaveProperty('from');
  });

  it('goes on over several questions, and keeps what the latest asks for', () => {
    const { intent, continues } = readQuestion('and why did it rise?', [
      'What did team support spend?',
      'and last week?',
    ]);
    expect(intent).toBe('change');
    expect(continues).toEqual(['and last week?', 'What did team support spend?']);
    expect(readQuestion('and overall?', ['What did team support spend?'])).toMatchObject({
      intent: 'total',
      continues: [],
    });
  });

  // What begins like a fragment may be a whole question, which must not be limited to what was asked about before.
  it.each([
    ['Why did spend jump on Tuesday?', 'change'],
    ['Why did gpt-4o go up?', 'change'],
    ['In March, how much did we spend?', 'total'],
    ['On Tuesday, why did costs rise?', 'change'],
    ['By how much did our bill grow?', 'trend'],
    ['For search, what did we spend?', 'total'],
    ['This month, which team spends the most?', 'breakdown'],
    ['With caching, how much would we save?', 'savings'],
    ['Now analyze my AI costs', 'overview'],
  ])('begins anew with a whole question: %s', (text, intent) => {
    const { entities, ...read } = readQuestion(text, ['What would GPT-5 mini save us on support?']);
    expect(read).toMatchObject({ intent, continues: [] });
    expect(entities).not.toHaveProperty('to_model');
  });

  it.each([
    'and why did spend jump on Tuesday?',
    'but what did we spend last week?',
    'same report for search',
    'only the total cost of search',
    'why?',
    'why that much?',
    'Why is it so expensive?',
    'Why did it rise on Tuesday?',
    'for search',
    'in March 2026?',
    'on Tuesday?',
    'by team',
    'by model and feature',
    'this month?',
    'with gpt-4o?',
    'now for search',
  ])('goes on with a fragment or a word that ties: %s', (text) => {
    const asked = 'What would GPT-5 mini save us on support?';
    expect(readQuestion(text, [asked]).continues).toEqual([asked]);
  });

  it('begins anew with a question that stands by itself, and takes no other subject for a follow-up', () => {
    expect(readQuestion('Analyze my AI costs', ['What did team support spend?'])).toMatchObject({
      intent: 'overview',
      continues: [],
    });
    expect(readQuestion('What is the capital of France?', ['What did team support spend?']).intent).toBe('unrelated');
    expect(readQuestion('and for support only?', []).intent).toBe('unrelated');
  });

  it.each([
    ['How much do retries cost us?', ['retries']],
    ['Does prompt caching pay?', ['caching']],
    ['What would batching save?', ['batch']],
    ['Are our prompts too long? Show long prompts and their cost', ['context']],
    ['Should we commit to a spend for a discount?', ['commitment']],
    ['Analyze my AI costs', []],
  ])('%s asks about %j', (text, topics) => {
    expect(readQuestion(text, []).topics).toEqual(topics);
  });

  it.each([
    ['hello', 'greeting'],
    ['Thank you, that is very helpful', 'thanks'],
    ['ok', 'thanks'],
    ['what can you do?', 'help'],
    ['Great, thanks for the analysis!', 'thanks'],
    ["That's all, thank you and have a nice day", 'thanks'],
    ['good morning everyone', 'greeting'],
    ['hi, how are you?', 'greeting'],
    ['What can I do here?', 'help'],
    ['What can you help me with?', 'help'],
    ['OK, and last week?', undefined],
    ['No, last month', undefined],
    ['OK, for July then', undefined],
    ['no I meant last week', undefined],
    ['Good, and for marketing', undefined],
    ['What can we do first?', undefined],
    ['What can we do about it?', undefined],
    ['What should we do?', undefined],
    ['What could we do to stay under $5,000?', undefined],
    ['thanks, now analyze my costs', undefined],
    ['What is the capital of France?', undefined],
  ])('%s is a courtesy: %s', (text, courtesy) => {
    expect(readQuestion(text, []).courtesy).toBe(courtesy);
  });

  it.each([
    'No, last month',
    'OK, for July then',
    'great, now for yesterday',
    'no I meant last week',
    'Good, and for marketing',
  ])('goes on with what stands behind a courtesy: %s', (text) => {
    const asked = 'What did team support spend?';
    expect(readQuestion(text, [asked])).toMatchObject({ intent: 'total', continues: [asked] });
  });

  it('goes on by another time', () => {
    const { entities } = readQuestion('yes, by week', ['What did team support spend?']);
    expect(entities.grain).toBe('week');
  });

  it('does not go on from a courtesy, but from the question before it', () => {
    const before = ['What did team support spend?', 'thanks!'];
    expect(readQuestion('and last week?', before)).toMatchObject({ intent: 'total', continues: [before[0]] });
  });

  it.each([
    ['in detail please', 'detailed'],
    ['can you summarize that in one sentence?', 'brief'],
  ])('asks for the same again: %s', (text, length) => {
    const asked = 'Why did spend jump on August 11?';
    expect(readQuestion(text, [asked])).toMatchObject({ intent: 'change', length, continues: [asked] });
  });

  it.each([
    ['Compare support and sales', 'comparison'],
    ['sales last month?', 'total'],
  ])('says what would be asked if its words were names: %s', (text, perhaps) => {
    expect(readQuestion(text, [])).toMatchObject({ intent: 'unrelated', perhaps });
  });

  it.each([
    ['Show daily costs', 'day'],
    ['Why is our bill going up?', 'month'],
    ['Why did our bill go up?', undefined],
    ['weekly spend', 'week'],
    ['What is the most expensive month?', 'month'],
    ['What were our most expensive days?', 'day'],
    ['How did cost develop?', undefined],
  ])('%s asks by %s', (text, grain) => {
    expect(readQuestion(text, []).entities.grain).toBe(grain);
  });

  it.each([
    ['Is $5,000. enough of a budget?', '$5,000'],
    ['will we stay within budget of 10k', '10k'],
    ['Can we stay under 1,200 usd this month?', '1,200 usd'],
    ['What did we spend within 10 days?', undefined],
  ])('%s names the budget %s', (text, budget) => {
    expect(readQuestion(text, []).entities.budget).toBe(budget);
  });

  it('finds models, dimensions, days and a budget', () => {
    const { entities } = readQuestion('Compare gpt-4o and Claude Sonnet 4.5 by team for March 2025, budget $5,000', []);
    expect(entities).toEqual({
      models: ['gpt-4o', 'claude-sonnet-4.5'],
      dimensions: ['team'],
      from: '2025-03-01',
      to: '2025-04-01',
      budget: '$5,000',
    });
    expect(readQuestion('What would GPT-5 mini save?', []).entities.models).toEqual(['gpt-5-mini']);
    expect(readQuestion('costs from 2025-01-05 to 2025-01-07', []).entities).toMatchObject({
      from: '2025-01-05',
      to: '2025-01-08',
    });
    expect(readQuestion('costs on 2025-02-31', []).entities).not.toHaveProperty('from');
  });
});
