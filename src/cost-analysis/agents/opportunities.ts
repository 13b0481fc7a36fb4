import type { JsonObject } from '../../context/json.js';
import { plainText } from '../reports/plain-text.js';
import type { RunFacts } from '../reports/run-facts.js';
import { roundDecimal } from '../tools/decimal.js';
import type { Opportunity } from './findings.js';

/** Shown from one dollar a month and half a percent of spend up: below, the work costs more than it saves. */
const USD_A_MONTH_MIN = 1;
const SPEND_SHARE_MIN = 0.005;
const DAYS_A_MONTH = 30;
const OPPORTUNITIES_MAX = 6;

/** What the savings are measured against: all spend in the data, and on how many days it arose. */
export interface SpendInData {
  readonly spendUsd: number;
  readonly days: number;
}

/** Savings that are worth showing, the largest upper bound first. Each stands alone; they overlap. */
export function opportunities(facts: RunFacts, { spendUsd, days }: SpendInData): Opportunity[] {
  const least = Math.max((USD_A_MONTH_MIN * Math.max(1, days)) / DAYS_A_MONTH, SPEND_SHARE_MIN * spendUsd);
  const high = (one: Opportunity): number => Number(facts.facts.get(one.high_fact)?.value ?? '0');
  return [...substitutions(facts), ...outputCaps(facts)]
    .filter((one) => high(one) >= least)
    .sort((a, b) => high(b) - high(a))
    .slice(0, OPPORTUNITIES_MAX);
}

function substitutions(facts: RunFacts): Opportunity[] {
  const report = facts.report('simulate_model_substitution');
  return (report?.rows ?? []).flatMap((row): Opportunity[] => {
    if (row['suggested'] !== true) return [];
    const [from, to] = [plainText(text(row, 'from_model')), plainText(text(row, 'to_model'))];
    return [
      {
        key: `substitution:${from}:${to}`,
        kind: 'substitution',
        title: `Move part of the traffic of ${from} to ${to}`,
        low_fact: text(row, 'low_fact'),
        high_fact: text(row, 'high_fact'),
        coverage_fact: text(row, 'coverage_fact') || null,
        confidence: 'assumption',
        effort: 'medium',
        owner: 'Engineering lead',
        verify: `run a sample of real requests on both models, compare quality blind, then compare the cost of a week`,
        undo: `route the traffic back to ${from}`,
      },
    ];
  });
}

function outputCaps(facts: RunFacts): Opportunity[] {
  const report = facts.report('output_cap');
  return (report?.rows ?? []).map((row): Opportunity => {
    const model = plainText(text(row, 'model'));
    return {
      key: `output_cap:${model}`,
      kind: 'output_cap',
      title: `Limit the longest answers of ${model}`,
      low_fact: text(row, 'low_fact'),
      high_fact: text(row, 'high_fact'),
      coverage_fact: text(row, 'coverage_fact') || null,
      confidence: 'derived',
      effort: 'low',
      owner: 'Engineering lead',
      verify: 'read a sample of answers above the limit, then watch how many answers are cut off',
      undo: 'take the limit away',
    };
  });
}

/** A saving as an event shows it; a report cites the facts instead. */
export const exactUsd = (facts: RunFacts, id: string): string => roundDecimal(facts.facts.get(id)?.value ?? '0', 2);

const text = (row: JsonObject, key: string): string => (typeof row[key] === 'string' ? row[key] : '');
