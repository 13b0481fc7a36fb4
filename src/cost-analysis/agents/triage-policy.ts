import type { PlanView } from '../../models/plan.js';
import { formatFact } from '../reports/format-fact.js';
import { RunFacts } from '../reports/run-facts.js';
import type { CallsThenText } from './calls-then-text.js';
import type { JsonObject } from '../../context/json.js';
import type { Question } from './question.js';

/** How triage proceeds without a model: one look at the data, then the question as the rules read it. */
export const triagePolicy = (question: Question, whole: JsonObject = {}): CallsThenText => ({
  calls: () => [{ tool: 'data_quality', parameters: whole }],
  asking: () =>
    'Looking which fields the usage data carries, over how many days, before deciding who has to work on this.',
  conclude: (view) => ({
    reasoning: verdict(view),
    text: JSON.stringify({ intent: question.intent, ...question.entities }),
  }),
});

function verdict({ calls }: PlanView): string {
  const facts = new RunFacts(calls);
  const result = facts.result('data_quality');
  const [rows, days] = [facts.fact('data_quality', 'rows'), facts.fact('data_quality', 'days')];
  if (result === undefined || rows === undefined || days === undefined) {
    return 'The data could not be looked at, so the agents have to work with what they find.';
  }
  const missing = Array.isArray(result['missing']) ? result['missing'].length : 0;
  const sufficiency = typeof result['sufficiency'] === 'string' ? result['sufficiency'] : 'of unknown use';
  const fields = `${missing} of ${facts.report('data_quality')?.rows.length ?? 0} known fields ${missing === 1 ? 'is' : 'are'} missing`;
  return `There are ${formatFact(rows)} usage rows on ${formatFact(days)}; ${fields}: the data is ${sufficiency}.`;
}
