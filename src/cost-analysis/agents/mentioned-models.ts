const MODEL = /^(?:gpt|claude|gemini|llama|mistral|mixtral|deepseek|grok|qwen|command-|nova-|o[1-9](?:-|$))/i;
const MODEL_PARTS =
  /^(?:\d[\w.]*|mini|nano|pro|flash|lite|opus|sonnet|haiku|turbo|large|small|medium|instruct|chat|reasoner|coder|max|plus|preview|latest|v\d[\w.]*|r\d|\d+b)$/i;

/** Models that a text names, as they would stand in data, and which of them it wants to leave (source) or to move to (target). */
interface MentionedModels {
  readonly models: readonly string[];
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/** "switch from @0 to @1", "replace @0 with @1", "@0 traffic to @1": the first is left, the second taken. */
const PAIR = /@(\d+)(?:\s+\w+){0,2}\s+(?:to|with|by)\s+@(\d+)/i;
/** What stands right before a model that is in use now. */
const SOURCE =
  /\b(?:instead of|rather than|replac\w+|from|than|away from|alternatives? to|substitutes? for|on|of|for|reduc\w+|cut\w*|lower\w*)\s+(?:(?:using|our|the|my)\s+)*@(\d+)/i;

export function mentionedModels(text: string): MentionedModels {
  const { models, marked } = markModels(text);
  const [, left, taken] = PAIR.exec(marked) ?? [];
  const source = models[Number(left ?? SOURCE.exec(marked)?.[1] ?? NaN)];
  const target = models[Number(taken ?? NaN)] ?? models.find((model) => model !== source);
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
