import type { Answer } from './answer.js';
import type { EvalQuestion, ExpectedFact } from './eval-question.js';
import { shownValue } from './shown-value.js';
import { untracedNumbers } from './untraced-numbers.js';

const HALF_A_CENT = 0.005;
const UNFILLED = /\{\{|\bundefined\b|\bNaN\b|\bnull\b|\[object/;
const EXECUTABLE = /<script|javascript:|https?:\/\//i;

/** What is wrong with an answer, a sentence each; none when it passes. `names`: those in the data that have digits in them. */
export function judge(question: EvalQuestion, answer: Answer, names: readonly string[]): string[] {
  const { text, status, facts } = answer;
  const asked = `${question.after ?? ''} ${question.asks}`;
  return [
    ...(status === 'completed' ? [] : [`the run ended as ${status}`]),
    ...(question.facts ?? []).flatMap((wanted) => missing(wanted, answer)),
    ...(question.says ?? []).filter((words) => !words.test(text)).map((words) => `does not say ${String(words)}`),
    ...[UNFILLED, EXECUTABLE, ...(question.neverSays ?? [])]
      .filter((words) => words.test(text))
      .map((words) => `says ${String(words)}`),
    ...untracedNumbers(text, { facts, names, question: asked }).map((number) => `no fact stands behind ${number}`),
  ];
}

function missing({ id, value, tolerance = 0 }: ExpectedFact, { facts, text }: Answer): string[] {
  const named = facts.filter((fact) => id.test(fact.id));
  const allowed = Math.abs(value) * tolerance + HALF_A_CENT;
  const right = named.filter((fact) => Math.abs(Number(fact.value) - value) <= allowed);
  if (right.some((fact) => text.includes(shownValue(fact)))) return [];
  const found = named.map((fact) => `${fact.id} = ${fact.value}`).join(', ');
  const said = right.length > 0 ? 'is cited but not shown' : found === '' ? 'is not stated' : `is stated as ${found}`;
  return [`${String(id)}, ${value}, ${said}`];
}
