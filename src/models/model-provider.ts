import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import { Injectable } from '@nestjs/common';
import { Configuration, type ModelSettings } from '../config/configuration.js';

// Given explicitly, so that the libraries look up nothing in the environment: src/config is its one reader.
const OPENAI_URL = 'https://api.openai.com/v1';
const ANTHROPIC_URL = 'https://api.anthropic.com/v1';

/** The configured model; undefined: the planner does everything. */
@Injectable()
export class ConfiguredModel {
  readonly model: LanguageModelV3 | undefined;

  constructor(configuration: Configuration) {
    this.model = modelOf(configuration.model);
  }
}

/** Never a bare name: the AI SDK sends those to a hosted gateway. */
function modelOf({ provider, baseUrl, apiKey, name = '' }: ModelSettings): LanguageModelV3 | undefined {
  switch (provider) {
    case 'none':
      return undefined;
    case 'openai':
      // .chat() of this library drops reasoning.
      return createOpenAI({ baseURL: baseUrl ?? OPENAI_URL, apiKey: apiKey ?? '' }).responses(name);
    case 'anthropic':
      return createAnthropic({ baseURL: baseUrl ?? ANTHROPIC_URL, apiKey: apiKey ?? '' }).languageModel(name);
    case 'openai-compatible':
      // Without includeUsage these hosts send no token counts.
      return createOpenAICompatible({
        name: 'openai-compatible',
        baseURL: baseUrl ?? '',
        ...(apiKey === undefined ? {} : { apiKey }),
        includeUsage: true,
      }).chatModel(name);
  }
}
