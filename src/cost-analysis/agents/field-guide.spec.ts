import { describe, expect, it } from '@jest/globals';
import { findViolations } from '../reports/grounding.js';
import { USAGE_FIELDS } from '../tools/usage-fields.js';
import { IMPORT_GUIDE, missingFields } from './field-guide.js';
import { SOURCE_FIELDS } from './source-fields.table.js';

describe('how to get a missing field', () => {
  it('depends on the source in use; core fields come first', () => {
    const [first, second] = missingFields(['team', 'model'], ['litellm', 'azure-trace']);
    expect(first).toMatchObject({ field: 'model', how: expect.stringContaining('price_as') });
    expect(second).toMatchObject({
      field: 'team',
      how: expect.stringContaining('virtual key'),
      enables: 'cost by team',
    });
  });

  it.each([
    ['anthropic-usage', 'model', 'group_by=model'],
    ['anthropic-usage', 'reported cost', 'anthropic-cost'],
    ['langfuse', 'user', 'userId'],
    ['helicone', 'team', 'Helicone-Property-Team'],
    ['otel', 'tokens', 'gen_ai.usage.input_tokens'],
    ['focus', 'team', 'Tags'],
    ['openai-costs', 'model', 'group_by=line_item'],
  ])('of %s gets %s by its own means', (source, field, words) => {
    expect(missingFields([field], [source])[0]?.how).toContain(words);
  });

  it('names fields that there are, and no figure, which an answer could not ground', () => {
    const known = new Set(USAGE_FIELDS.map(({ name }) => name));
    const entries = Object.values(SOURCE_FIELDS).flatMap((fields) => Object.entries(fields));
    expect(entries.filter(([field]) => !known.has(field))).toEqual([]);
    const grounds = { facts: new Map(), names: [] };
    expect(entries.flatMap(([, how]) => findViolations(how, grounds))).toEqual([]);
  });

  it('falls back on the generic format', () => {
    expect(missingFields(['team'], ['unheard-of'])[0]?.how).toBe('add it in the generic format: team');
  });
});

it('the guide names every format that an import takes, and not the recognition of it', () => {
  expect(IMPORT_GUIDE.formats).toEqual(
    expect.arrayContaining([
      'litellm',
      'openai-usage',
      'openai-costs',
      'anthropic-usage',
      'anthropic-cost',
      'langfuse',
      'helicone',
      'focus',
      'otel',
      'azure-trace',
      'burstgpt',
      'mooncake',
      'generic',
    ]),
  );
  expect(IMPORT_GUIDE.formats).not.toContain('auto');
});
