import { describe, expect, it } from '@jest/globals';
import { mentionedModels } from './mentioned-models.js';

describe('models in a question', () => {
  it.each([
    ['What would gpt-5-mini save us?', undefined, 'gpt-5-mini'],
    ['Should we switch to GPT-5 mini?', undefined, 'gpt-5-mini'],
    ['What if we use gpt-5-mini instead of gpt-4o?', 'gpt-4o', 'gpt-5-mini'],
    ['Replace gpt-4o with gpt-5-mini', 'gpt-4o', 'gpt-5-mini'],
    ['What would moving from gpt-4o to Claude Haiku 4.5 save?', 'gpt-4o', 'claude-haiku-4.5'],
    ['Is there anything cheaper than gpt-4o?', 'gpt-4o', undefined],
    ['How can we save on gpt-4o?', 'gpt-4o', undefined],
    ['move gpt-4o traffic to gpt-5-mini', 'gpt-4o', 'gpt-5-mini'],
    ['What would happen if we stopped using gpt-4o?', 'gpt-4o', undefined],
    ['What if we stop using gpt-4o and use gpt-5-mini?', 'gpt-4o', 'gpt-5-mini'],
  ])('%s: from %s to %s', (text, source, target) => {
    expect(mentionedModels(text)).toMatchObject({ source, target });
  });
});
