import { describe, expect, it } from '@jest/globals';
import { waitForUpdate } from '@pydantic/genai-prices';
import { PriceCatalogue } from './price-catalogue.js';

describe('names of models', () => {
  const catalogue = new PriceCatalogue();

  it.each([
    ['gpt-4o', undefined, 'openai', 'gpt-4o'],
    ['openai/gpt-4o', undefined, 'openai', 'gpt-4o'],
    ['gpt-4o-2024-08-06', 'openai', 'openai', 'gpt-4o'],
    ['azure/eu/gpt-4o', undefined, 'azure', 'gpt-4o'],
    ['gpt-4o', 'azure', 'azure', 'gpt-4o'],
    ['vertex_ai/gemini-2.5-pro', undefined, 'google', 'gemini-2.5-pro'],
    ['claude-sonnet-4-5@20250929', 'vertex_ai', 'google', 'claude-sonnet-4-5'],
    [
      'bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0',
      undefined,
      'aws',
      'regional.anthropic.claude-3-5-sonnet-20241022-v2:0',
    ],
    ['Claude Sonnet 4.5', undefined, 'anthropic', 'claude-sonnet-4-5'],
    ['Claude Haiku 4.5', 'Anthropic', 'anthropic', 'claude-haiku-4-5'],
    ['GPT-4.1 mini', undefined, 'openai', 'gpt-4.1-mini'],
    ['litellm_proxy/gpt-5-mini', 'litellm_proxy', 'openai', 'gpt-5-mini'],
    ['mycompany/gpt-5-mini', undefined, 'openai', 'gpt-5-mini'],
    ['ft:gpt-4o-mini-2024-07-18:acme::abc', undefined, 'openai', 'ft:gpt-4o-mini'],
  ])('%s of %s is %s %s', (...[name, provider, expectedProvider, modelId]) => {
    expect(catalogue.find(name, provider)).toMatchObject({ provider: expectedProvider, modelId });
  });

  it.each(['', '/', 'gpt-4o-of-our-own-making', 'acme-7b', 'a'.repeat(5_000), '({[\\'])(
    'has no price for %s',
    (name) => {
      expect(catalogue.find(name)).toBeUndefined();
    },
  );

  it('has every model of the catalogue under its own id, as stored usage names it', async () => {
    const models = (await waitForUpdate())?.flatMap(({ id: provider, models: own }) =>
      own.map(({ id }) => ({ provider, modelId: id })),
    );
    expect(models?.length).toBeGreaterThan(1_000);
    const lost = models?.filter((model) => {
      const found = catalogue.find(model.modelId, model.provider);
      return found?.provider !== model.provider || found.modelId !== model.modelId;
    });
    expect(lost).toEqual([]);
  });

  it('does not price a model of one host as that of another', () => {
    expect(catalogue.find('claude-sonnet-4-5', 'groq')).toBeUndefined();
  });

  it('keeps finding names after a million strange ones', () => {
    const small = new PriceCatalogue();
    for (let index = 0; index < 25_000; index += 1) small.find('', `provider-${index}`);
    expect(small.find('gpt-4o')?.modelId).toBe('gpt-4o');
  });
});
