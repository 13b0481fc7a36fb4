import { SUBJECT_WORDS, wordsOf } from './vocabulary.table.js';

export const COURTESIES = ['greeting', 'thanks', 'help'] as const;
/** What a message is that asks nothing about costs, and yet is no other subject. */
export type Courtesy = (typeof COURTESIES)[number];

const WORDS_MAX = 12;
const GREETING = '(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|how are you(?: doing)?)';
const THANKS =
  '(?:thanks?(?: you)?|thx|ty|cheers|ok(?:ay)?|great|perfect|cool|nice|good|awesome|excellent|wonderful|got it|understood|i see|well done|(?:good|great|nice) (?:job|work)|bye(?: for now)?|goodbye|see you(?: later| soon| tomorrow)?|no|yes)';
const PRAISE = String.raw`(?:that|this|it)(?:['’]?s| is| was| has been)(?: (?:very|so|really|all|just|exactly))* (?:great|good|all|it|helpful|perfect|fine|clear|useful|enough|nice|what (?:i|we) (?:need|needed|wanted))`;
/** What may stand beside a courtesy without asking for anything. */
const BESIDE =
  '(?:very|so|really|a lot|a ton|much|many|again|all|everyone|everybody|there|team|helpful|useful|clear|for (?:that|this|everything|now|(?:(?:that|this|your|the|all) )*(?:help|answer|information|explanation|analysis|report))|you|your help|then|to know|have a (?:good|nice|great) (?:day|evening|weekend)|and|indeed|too|(?:i|we) appreciate (?:it|that))';
/** Of what users may do, only what they may do here. */
const HELP =
  /^(?:(?:please )?help(?: me)?(?: please)?|(?:can|could) you help(?: me)?(?: please)?|what (?:all )?(?:can|do|could) you (?:do|help|know|answer)\b(?! about\b).*|what (?:all )?(?:can|could) (?:i|we) (?:do(?: here)?|ask(?: you)?(?: about)?(?: here)?)|who are you|what are you|what is this|how (?:does this|do you) work)\W*$/i;

const only = (courtesy: string): RegExp =>
  new RegExp(String.raw`^\W*${courtesy}(?:\W+(?:${courtesy}|${BESIDE}))*\W*$`, 'i');
const ONLY_GREETING = only(GREETING);
const ONLY_THANKS = only(`(?:${THANKS}|${PRAISE}|${GREETING})`);
const LEAD = new RegExp(String.raw`^\W*(?:(?:${THANKS}|${GREETING})\b(?!['’])[\s,.;:!–-]*)+`, 'i');

/** Undefined for anything that asks for more. */
export function courtesyOf(text: string): Courtesy | undefined {
  const words = wordsOf(text);
  if (words.length > WORDS_MAX) return undefined;
  if (ONLY_GREETING.test(text)) return 'greeting';
  if (ONLY_THANKS.test(text)) return 'thanks';
  const asksForHelp = HELP.test(withoutCourtesy(text)) && !words.some((word) => SUBJECT_WORDS.has(word));
  return asksForHelp ? 'help' : undefined;
}

/** What is said behind a courtesy: "and for support?" of "Good, and for support?". */
export const withoutCourtesy = (text: string): string => text.replace(LEAD, '');
