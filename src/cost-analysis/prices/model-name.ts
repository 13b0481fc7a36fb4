/** Who serves a model, as routers and gateways call it, in the catalogue's terms. */
const PROVIDER_ALIASES: Readonly<Record<string, string>> = {
  vertex_ai: 'google',
  vertex_ai_beta: 'google',
  'vertex_ai-anthropic_models': 'google',
  gemini: 'google',
  google_vertex: 'google',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  azure: 'azure',
  azure_ai: 'azure',
  azure_text: 'azure',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  xai: 'x-ai',
  text_completion_openai: 'openai',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
  moonshot: 'moonshotai',
};

/** Words in front of a model that name the gateway in between, not who serves the model. */
const ROUTERS = new Set([
  'litellm',
  'litellm_proxy',
  'openai_compatible',
  'custom',
  'custom_openai',
  'proxy',
  'models',
  'converse',
  'invoke',
]);

/** How to ask the catalogue for a model: with a provider, or leaving the provider to the name. */
export interface NameToTry {
  readonly provider: string | undefined;
  readonly model: string;
}

export const canonicalProvider = (provider: string): string => {
  const name = provider.trim().toLowerCase();
  return PROVIDER_ALIASES[name] ?? name;
};

/**
 * The ways to read a model name, best first: as given; without `provider/` in front; as a display name ("Claude Sonnet 4.5").
 * A provider that is known stays: the price of another host would be a guess.
 */
export function namesToTry(modelRaw: string, providerRaw?: string): NameToTry[] {
  const given = modelRaw.trim();
  const provider =
    providerRaw === undefined || ROUTERS.has(providerRaw.toLowerCase()) ? undefined : canonicalProvider(providerRaw);
  const names: NameToTry[] = [{ provider, model: given }];
  let rest = given;
  let host = provider;
  for (let slash = rest.indexOf('/'); slash > 0; slash = rest.indexOf('/')) {
    const prefix = rest.slice(0, slash).toLowerCase();
    rest = rest.slice(slash + 1);
    if (!ROUTERS.has(prefix)) host ??= canonicalProvider(prefix);
    names.push({ provider: host, model: rest });
  }
  for (const model of slugs(rest)) names.push({ provider: host, model });
  // Fine-tuned models carry their base behind the prefix; only OpenAI names them so.
  if (rest.startsWith('ft:')) names.push({ provider: host ?? 'openai', model: rest });
  return names;
}

/** "GPT-4.1 mini" is gpt-4.1-mini, "Claude Sonnet 4.5" is claude-sonnet-4-5: both spellings are asked for. */
function slugs(displayName: string): string[] {
  const dashed = displayName.toLowerCase().replace(/[\s_]+/g, '-');
  return [dashed, dashed.replace(/\./g, '-')].filter((slug) => slug !== displayName);
}
