import { DIMENSIONS } from '../../tools/usage-scope.js';
import type { ReportData } from '../report-data.js';

/** What people ask about that usage data does not know: the answer says so before its figures, rather than pass over it. */
const NOT_KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:per|by|each|every|which|top) (?:customer|client|account)s?\b/i,
    'The usage data does not know customers. Send each as a user, a project or a feature with its requests, and spend can be told apart by that.',
  ],
  [
    /\b(?:roi|return on (?:investment|ai|our)|payback|pays? off)\b/i,
    'The usage data knows what AI costs, not what it brings in, so no return can be computed from it.',
  ],
  [
    /\b(?:weekends|weekdays|working days|day of the week|time of day|hour of (?:the )?day|at night|business hours)\b/i,
    'Spend is not told apart by weekday or time of day; the figures below are for all of them.',
  ],
];

export const notTold = (data: ReportData): string | undefined =>
  NOT_KNOWN.find(([words]) => words.test(data.question))?.[1] ?? unusualDaysOfEach(data);

/** What is usual is known of all that a question limits itself to, together. */
function unusualDaysOfEach({ triage: { intent, entities, named, where } }: ReportData): string | undefined {
  const kind = DIMENSIONS.find(
    (one) => where[one] === undefined && (entities.dimensions.includes(one) || named[one] !== undefined),
  );
  if (intent !== 'anomaly' || kind === undefined) return undefined;
  const name = kind.replace('_', ' ');
  return `Unusual days are looked for in the spend as a whole, not in that of each ${name}. Name a single ${name} to have its own looked for.`;
}
