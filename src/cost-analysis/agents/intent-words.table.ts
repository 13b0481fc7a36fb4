/** What a question can ask for; "unrelated" is everything that is not about the cost of language models. */
export const INTENTS = [
  'overview',
  'total',
  'breakdown',
  'comparison',
  'share',
  'trend',
  'peak',
  'units',
  'change',
  'anomaly',
  'forecast',
  'budget',
  'savings',
  'what_if',
  'advice',
  'reconciliation',
  'data_quality',
  'unrelated',
] as const;
export type Intent = (typeof INTENTS)[number];

const UNIT = '(?:requests?|calls?|quer(?:y|ies)|prompts?|messages?|conversations?|completions?)';
const PER_UNIT = `(?:${UNIT}|tokens?|(?:1|one|a|1,?000|1k|1m|thousand|million)\\s*(?:thousand |million )?(?:tokens?|${UNIT})?)`;
const NTH = '(?:first|second|third|fourth|fifth|sixth|last|next|\\d(?:st|nd|rd|th)?)';
const STEP = '(?:steps?|savings?|recommendations?|suggestions?|actions?|measures?|points?|items?)';

/** "Step 2", "the first saving". */
export const POINTS_AT_STEP = new RegExp(`\\b(?:${NTH} ${STEP}|${STEP} \\d)\\b`, 'i');
/** What somebody checks or owns that is no step. */
const BILL = '(?:(?:bill|invoice|charge|figure|number|price|budget)s?|(?:cost|spend)s?(?! sav))\\b';
/** "How much did we spend on the first step pipeline?" asks for an amount, though "what would the first step save?" does not. */
const ASKS_AMOUNT =
  '\\b(?:how much (?:do|does|did|have|has)|what (?:did|have|has))\\b.{0,40}\\b(?:spen[dt]|cost|pa(?:y|id))\\b';

/** What figures are called; "do you believe costs will rise?" doubts none. */
const FIGURES =
  '(?:(?:this|that|these|those|the|your|our|all) (?:[\\w$,.-]+ ){0,2}?(?:figures?|numbers?|data|costs?|reports?|bills?|invoices?|prices?|amounts?|totals?|results?|answers?|analysis|estimates?|savings?|spend|spending|usage|charges?)\\b|(?:this|that|these|those|it|they|them|you)\\b)';
const RELIABLE = '(?:trustworthy|reliable|accurate)\\b';
const TRUSTS = [
  `(?:can|could|should|do) (?:we|i|you) (?:really )?(?:(?:trust|rely on)|believe(?!.*\\b(?:will|would|going to)\\b)) ${FIGURES}`,
  `how ${RELIABLE}(?:\\W*$| (?:is|are|was|were) ${FIGURES})`,
  `(?:is|are|was|were) ${FIGURES}.{0,25}\\b${RELIABLE}`,
];
/** What lies ahead, or how good a model is, can't be recomputed from a bill. */
const NOT_COMPUTED =
  'forecast\\w*|budget\\w*|predict\\w*|projections?|projected|(?:which|what|the|this|that|a) models?';

/** The first that fits decides: the narrow questions stand before the wide ones. */
export const INTENT_WORDS: readonly (readonly [Exclude<Intent, 'unrelated' | 'what_if'>, RegExp])[] = [
  [
    'advice',
    new RegExp(
      `^(?!.*${ASKS_AMOUNT}).*(?:${[
        '\\b(?:what|where|which)\\b.{0,20}\\b(?:should|must|do|can|could|would)\\s+(?:we|i|you|they)\\s+(?:do|start|begin|tackle|fix|prioriti[sz]e)\\b(?!\\s+(?:spend|cost|pay|use))',
        '\\b(?:do|start|begin|tackle|fix) first\\b',
        '\\bnext steps?\\b',
        `\\b(?:verify|check|undo|revert|roll back|prove|own|owns|explain|detail|details|about|more on|start with)\\b.{0,20}\\b(?:${NTH} ${STEP}|${STEP} \\d)\\b`,
        `\\b${STEP} \\d\\b`,
        `\\b${NTH} (?:step|saving|recommendation|suggestion|action|measure)\\b`,
        `\\bwho (?:should|would|will|has to|must|can) (?:do|own|take)\\b(?!.{0,25}\\b${BILL})`,
        `\\bhow (?:do|can|would|could|should) (?:we|i) (?:verify|undo|revert|prove|roll)\\b(?!.{0,25}\\b${BILL})`,
        '\\b(?:action plan|quick wins?|low[- ]hanging)\\b',
      ].join('|')})`,
      'is',
    ),
  ],
  [
    'units',
    new RegExp(
      [
        `\\b(?:how many|number of|count of|amount of)\\s+(?:\\w+\\s+){0,2}(?:${UNIT}|tokens?)\\b`,
        `\\b(?:cost\\w*|price|spen[dt]|pay|paid|charge\\w*|usd|dollars?|much)\\b.{0,40}\\b(?:per|for each|for every|(?:of|for|does|did) an?(?: single| average)?)\\s+${PER_UNIT}\\b`,
        `\\bper\\s+${PER_UNIT}\\b`,
        `\\b(?:single|average|mean)\\s+(?:[\\w-]+\\s+)?${UNIT}\\b`,
        '\\b(?:average|mean|median|typical)\\s+(?:input|output|prompt|answer|response|request|context)\\b',
        '\\b(?:cache hit|hit rate|unit (?:cost|economics))\\b',
        '\\b(?:input|output)(?: and (?:input|output))? tokens?\\b(?!\\s+(?:cap|limit))',
        '\\b(?:input|output)\\b.{0,30}\\b(?:compared?|versus|vs|against|than|or|and)\\b.{0,15}\\b(?:input|output)\\b',
      ].join('|'),
      'i',
    ),
  ],
  [
    'reconciliation',
    new RegExp(
      [
        `^(?![^]*\\b(?:${NOT_COMPUTED})\\b)[^]*\\b(?:${TRUSTS.join('|')})`,
        String.raw`\b(reconcil\w*|overcharg\w*|(verify|check|audit|validate|prove)\b.{0,30}\b(bill|invoice|charge|figure|number)s?\b|reported (cost|spend)|(bill|invoice|charge)\w*\b.{0,40}\b(correct|right|wrong|match\w*|agree\w*|accurate|differ\w*|true)|match\w*\b.{0,30}\b(bill|invoice|charge)\w*|(correct|right|wrong|accurate)\b.{0,20}\b(bill|invoice))\b`,
      ].join('|'),
      'i',
    ),
  ],
  [
    'peak',
    /\b(most expensive|costliest|priciest|dearest|highest|biggest|largest|peak|top( \d+)?|cheapest|lowest|busiest)(\s+(spend|spending|cost))?\s+(\d+\s+)?(days?|weeks?|months?)\b|\b(which|what)\s+(day|week|month)s?\s+(was|were|had|did|cost\w*|is)\b(?!.*\b(unusual|strange|odd|weird))/i,
  ],
  ['comparison', /\b(more|less|higher|lower|cheaper|costlier|bigger|larger)\b.*\bor\b(?!\s+(less|not|more))/i],
  [
    'budget',
    /\b(budget\w*|overspen\w+)\b|\b(stay|staying|remain|keep|land|end up|exceed\w*|break|blow|hit|reach|go|come in|be|get)\b.{0,25}\b(within|under|below|over|above|past|beyond|to)?\s*[$€]\s?\d|\b(under|below|within|over|above|exceed\w*)\s+(the |our |a |of )*[$€]?\d[\d,.]*\s?[km]?\b(?!\s*(%|percent|tokens?|days?|ms|requests?|calls?))|\bon track\b/i,
  ],
  [
    'savings',
    /\b(sav\w+|cheaper|reduc\w+|cut\w*|optimi[sz]\w+|substitut\w+|switch\w*|instead of|replace\w*|wast\w*|lower|what if|alternatives?|worth it)\b/i,
  ],
  [
    'forecast',
    /\b(forecast\w*|predict\w*|project(ed|ions?)|next (week|month|quarter|year)|will\b.{0,20}\b(spend|cost|pay|be)|going to (spend|cost|pay)|(run|burn).?rate|outlook|expect(ed)? to (spend|pay|cost)|by (the )?(end of|(year|month|quarter)(['’]s)?[ -]end)|rest of the (year|month|quarter))\b/i,
  ],
  ['share', /\b(share|percent(age)?|proportion|fraction|how much of (our|the|all)|concentrat\w+)\b|%(?=\s+of)/i],
  [
    'change',
    /\b(why|explain\w*|what (caused|drove|happened|changed)|happened|jump\w*|rise|rose|risen|increas\w+|decreas\w+|drop(s|ped)?|fell|(went|go|gone|going) (up|down)|chang(e|es|ed)|getting (more |less )?(expensive|cheaper|dearer|costlier|higher|lower|worse|better|pricey|costly)|driv(es|ing|e)\b.{0,40}\b(up|down|higher|lower|this|that|it|growth)|(cost|costs|spend|spending|paying) more)\b/i,
  ],
  ['anomaly', /\b(anomal\w+|spik\w+|unusual\w*|outlier\w*|surge\w*|sudden\w*|strange|weird|odd|abnormal)\b/i],
  [
    'data_quality',
    /\b(missing|data quality|quality of|import\w*|upload\w*|coverage|unpriced|untagged|tagg(ed|ing)|complete(ness)?|up to date|period\b.{0,20}\bcover|(un)?allocat\w*|(numbers|figures) come from|which prices|good is (our|the) data|how (old|recent|fresh))\b/i,
  ],
  ['comparison', /\b(compar\w+|versus|vs\.?|differences?)(?=\W|$)/i],
  [
    'trend',
    /\b(trend\w*|over time|growth|gr(ow|ew)\w*|develop\w*|evol\w+|(per|a|by|each|every) (day|week|month)|daily|weekly|monthly|average|(day|week|month|quarter|year).(over|on|by).(day|week|month|quarter|year))\b/i,
  ],
  [
    'breakdown',
    /\b(by (model|team|project|feature|user|provider|vendor|department|api key)s?|broken? ?down|break\w* ?down|split|list|(per|each|every) (model|team|project|feature|user|provider|vendor|department)|(which|what|how many) (of our )?(model|team|project|feature|user|provider|vendor|department)s?|who|top|most expensive|(largest|biggest)|driv(ers?|es|ing)|where does|where (is|are)|cost drivers?)\b/i,
  ],
  [
    'overview',
    /\b(analy[sz]\w*|report|overview|summar\w+|(tell|show|brief) (the |our |my )?(cfo|ceo|board|boss|management|leadership))\b/i,
  ],
  [
    'total',
    /\b(how (much|many)|total|what (did|do|does|have|has|was|were|is|are)\b.{1,40}(spen[dt]|cost\w*|pa(y|id))|spent|spend|costs?|bill|paid)\b/i,
  ],
];
