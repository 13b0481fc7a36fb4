const MODEL = /^(?:gpt|claude|gemini|llama|mistral|mixtral|deepseek|grok|qwen|command-|nova-|o[1-9](?:-|$))/i;
const MODEL_PARTS =
  /^(?:\d[\w.]*|mini|nano|pro|flash|lite|opus|sonnet|haiku|turbo|large|small|medium|instruct|chat|reasoner|coder|max|plus|preview|latest|v\d[\w.]*|r\d|\d+b)$/i;

/** Names that everybody shortens, and what they stand for. */
const SHORTENED: readonly (readonly [RegExp, string])[] = [
  [/^(?:sonnet|haiku|opus)(?:-|$)/i, 'claude'],
  [/^4o(?:-|$)/i, 'gpt'],
];

/** Models that a text names, as they would stand in data, and which of them it wants to leave (source) or to move to (target). */
interface MentionedModels {
  readonly models: readonly string[];
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/** "switch from @0 to @1", "replace @0 with @1", "@0 traffic to @1": the first is left, the second taken. */
const PAIR = /@(\d+)(?:\s+\w+){0,2}\s+(?:to|with|by)\s+@(\d+)/i;
/** "run it on @0", "use @0", "move support to @0": the model to take, also behind words that usually name the one in use. */
const TARGET =
  /\b(?:run\w*|ran|us(?:e|ed|es|ing)|mov\w+|migrat\w+|put|host\w*|switch\w*)\b(?:\s+(?!from\b|off\b|away\b|instead\b|of\b|than\b)\w+){0,5}?\s+@(\d+)/i;
/** To stop using a model names the one in use, whatever else "using" says. */
const LEFT = /\b(?:stop\w*|quit\w*|abandon\w*|without|get rid of|phase out)\s+(?:(?:using|our|the|my)\s+)*@(\d+)/i;
/** What stands right before a model that is in use now. */
const SOURCE =
  /\b(?:instead of|rather than|replac\w+|from|off|than|away from|alternatives? to|substitutes? for|drop\w*|without|remov\w+|leav\w+|stop\w*|retir\w+|on|of|for|reduc\w+|cut\w*|lower\w*)\s+(?:(?:using|our|the|my)\s+)*@(\d+)/i;

export function mentionedModels(text: string): MentionedModels {
  const { models, marked } = markModels(text);
  const [, left, taken] = PAIR.exec(marked) ?? [];
  const stopped = LEFT.exec(marked)?.[1];
  const wanted = models[Number(taken ?? TARGET.exec(marked.replace(LEFT, ''))?.[1] ?? NaN)];
  const named = models[Number(left ?? stopped ?? SOURCE.exec(marked)?.[1] ?? NaN)];
  const source = named === wanted ? undefined : named;
  const target = wanted ?? models.find((model) => model !== source);
  return { models: [...new Set(models)], source, target };
}

/** The text with every model name replaced by its number, so that rules can look at the words around it. "GPT-5 mini" → gpt-5-mini. */
function markModels(text: string): { models: string[]; marked: string } {
  const models: string[] = [];
  const words: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length === 0) return;
    words.push(`@${models.length}`);
    models.push(open.join('-').toLowerCase());
    open = [];
  };
  for (const raw of text.split(/\s+/)) {
    const word = raw.replace(/^[^\w]+|[^\w]+$/g, '').replace(/[’']s$/, '');
    if (MODEL.test(word)) {
      close();
      open = [word];
    } else if (open.length === 0 && shortened(word) !== undefined) {
      open = [shortened(word) ?? '', word];
    } else if (open.length > 0 && MODEL_PARTS.test(word)) open.push(word);
    else {
      close();
      words.push(word);
    }
    // Punctuation ends a name: "gpt-4o, mini" names one model.
    if (/[,;:?!)]$/.test(raw)) close();
  }
  close();
  return { models, marked: words.join(' ') };
}

const shortened = (word: string): string | undefined => SHORTENED.find(([pattern]) => pattern.test(word))?.[1];
