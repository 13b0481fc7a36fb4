export const SAVING_TOPICS = [
  'retries',
  'duplicates',
  'context',
  'output',
  'caching',
  'batch',
  'cascade',
  'latency',
  'frontier',
  'commitment',
  'prices',
] as const;
/** One way to save, or one thing to weigh, that a question asks about by itself. */
export type SavingTopic = (typeof SAVING_TOPICS)[number];

/** What each is called. */
export const TOPIC_WORDS = {
  retries: /\b(retr(y|ies|ied|ying)|failed (calls?|requests?)|(calls?|requests?) (that )?fail(ed)?|failures?)\b/i,
  duplicates: /\b(duplicat\w+|repeated (prompts?|requests?|calls?)|same prompts?)\b/i,
  context: /\b(context (length|size)|oversized|long(er|est)? (prompts?|inputs?|contexts?))\b/i,
  output:
    /\b(output (cap|limit|length)|max.?tokens|long(er|est)? (answers?|outputs?|responses?)|cap the (output|answers?))\b/i,
  caching: /\b(cach(e|es|ed|ing))\b/i,
  batch: /\b(batch(es|ed|ing)?)\b/i,
  cascade: /\b(cascad\w+|escalat\w+|cheap(er)? model first)\b/i,
  latency: /\b(latenc\w+|faster|slow(er|est)?|speed|response times?)\b/i,
  frontier:
    /\b(frontier|price.?performance|best value|value for money|(cheapest|best) model (that |which )?(we|i|you|for|to)|which model (should|could|can) (we|i))\b/i,
  commitment: /\b(commit(s|ted|ment|ments)?|reserved|provisioned|prepaid)\b/i,
  prices: /\b((list )?prices? of|what does .{1,40} cost per|per million tokens|price list)\b/i,
} as const satisfies Record<SavingTopic, RegExp>;

export const savingTopics = (text: string): SavingTopic[] =>
  SAVING_TOPICS.filter((topic) => TOPIC_WORDS[topic].test(text));

/** The tool that answers each. */
export const TOPIC_TOOLS: Readonly<Record<SavingTopic, string>> = {
  retries: 'retry_waste',
  duplicates: 'duplicate_requests',
  context: 'oversized_context',
  output: 'output_cap',
  caching: 'cache_opportunity',
  batch: 'batch_opportunity',
  cascade: 'cascade_break_even',
  latency: 'latency_cost_tradeoff',
  frontier: 'price_performance_frontier',
  commitment: 'commitment_break_even',
  prices: 'search_prices',
};
