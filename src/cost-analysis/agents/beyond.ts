import { KNOWN_WORDS, SUBJECT_WORDS } from './vocabulary.table.js';

export const BEYONDS = ['other_language', 'action'] as const;
/** What a message asks for that rules can't answer: it is in a language that they don't read, or it wants something done. */
export type Beyond = (typeof BEYONDS)[number];

/** Frequent words of questions in German, French, Spanish, Portuguese, Italian and Dutch; none is an English word that questions have. */
const FOREIGN: ReadonlySet<string> = new Set(
  `wie wer wo warum wieso weshalb welche welcher welches welchen viel viele hoch haben hatten habt ist sind wir unser unsere unseren unserem unserer der
den dem ein eine einen einem für mit von vom im ist nicht und oder pro letzten letzte letzter letztes nächsten nächste nächster diesen diesem monat monats
woche quartal jahr kosten ausgaben ausgegeben gekostet gestiegen zeig zeige mir bitte können sollten würde würden sparen modell modelle
combien avons avez nous dépensé dépenses quel quelle quels quelles est sont les des pour pourquoi notre nos mois dernier dernière semaine année coûts coût
économiser comment le la du une et ou
cuánto cuanto cuánta gastamos gastado hemos gasto gastos qué cuál cual nuestro nuestra nuestros mes pasado semana año por el los del para cómo costos costes ahorrar
quanto gastamos gastos nosso nossa mês passado por que quais custos
abbiamo speso perché quale quali nostro nostra mese scorso spesa costi risparmiare
hoeveel hebben wij onze uitgegeven vorige maand kosten waarom welk welke kunnen besparen het een`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
/** Letters of scripts in which no English is written. */
const LETTERS_BEYOND = /[^\P{L}\p{Script=Latin}]/gu;
const LETTERS = /\p{L}/gu;

const OBJECT = '(?:me|us|him|her|them|all|my|our|the|this|that|these|those|it|an?|every(?:one|body|thing)?)\\b';
const FILE = '(?:(?:usage )?data|(?:(?:daily|weekly|monthly) )?reports?)\\b';
const DONE = [
  '(?:delete|erase|wipe|remind|notify|subscribe|turn off|disable|approve)\\s+[\\w$]',
  `remove ${OBJECT}`,
  // Features and teams have these names too: "email costs last month?".
  `(?:e-?mail|export|download|schedule|alert|block)\\s+(?:${OBJECT}|${FILE})`,
  '(?:export|download)\\b.{0,40}\\b(?:to|as|into) (?:an? )?(?:excel|csv|pdf|json|sheets?|spreadsheet|file)\\b',
  '(?:alert|schedule)\\s+(?:if|when|whenever)\\b',
  '(?:send|forward) (?:this|that|it|them|these|those|(?:the|your|my|our) \\w+) to\\b',
  '(?:set(?: up)?|create|add) an? (?:[\\w$]+ ){0,2}(?:alert|alarm|reminder|notification|ticket)\\b',
].join('|');
const ACTION = new RegExp(
  String.raw`^\W*(?:(?:please|pls|now|then|and|hey|can|could|would|will|you|i want you to)\s+)*(?:${DONE})`,
  'i',
);
const OF_COSTS = /\b(?:costs?|spen[dt]|spending|sav(?:e|es|ed|ings?)|pay|paid)\b/i;
/** "Turn off thinking: what would we save?" wants nothing turned off. */
const ASKS =
  /\b(?:how (?:much|many)|what (?:is|are|was|were|do|does|did|will|would|could|can|has|have)|what['’]s|why)\b/i;

export function beyondOf(text: string): Beyond | undefined {
  if (isForeign(text)) return 'other_language';
  return ACTION.test(text) && !(OF_COSTS.test(text) && ASKS.test(text)) ? 'action' : undefined;
}

function isForeign(text: string): boolean {
  const letters = text.match(LETTERS)?.length ?? 0;
  if (2 * (text.match(LETTERS_BEYOND)?.length ?? 0) > letters) return true;
  const all = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const words = all.filter((word) => !SUBJECT_WORDS.has(word));
  const foreign = new Set(words.filter((word) => FOREIGN.has(word))).size;
  const english = new Set(words.filter((word) => KNOWN_WORDS.has(word) && !FOREIGN.has(word))).size;
  // Words of the subject are borrowed everywhere ("unser Token Spend"), but beside them a single foreign one may be of a name: "Le Chat costs?".
  return foreign > english && (foreign > 1 || words.length === all.length);
}
