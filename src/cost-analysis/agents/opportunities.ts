import type { JsonObject } from '../../context/json.js';
import { plainText } from '../reports/plain-text.js';
import type { RunFacts } from '../reports/run-facts.js';
import { roundDecimal } from '../tools/decimal.js';
import { CONFIDENCES } from '../tools/savings/confidence.js';
import { SAVING_KINDS } from '../tools/savings/saving.js';
import { listed } from './calls-then-text.js';
import type { Opportunity } from './findings.js';
import { SAVING_WORDS } from './saving-words.table.js';

const OPPORTUNITIES_MAX = 6;

/** Savings that are worth showing, the largest first by what each brings beside the others; the tool that combines them leaves out small ones. */
export function opportunities(facts: RunFacts): Opportunity[] {
  const net = (one: Opportunity): number => Number(facts.facts.get(one.net_high_fact)?.value ?? '0');
  return (facts.report('combine_savings')?.rows ?? [])
    .flatMap((row) => opportunity(row))
    .sort((a, b) => net(b) - net(a))
    .slice(0, OPPORTUNITIES_MAX);
}

function opportunity(row: JsonObject): Opportunity[] {
  const kind = SAVING_KINDS.find((one) => one === row['kind']);
  if (kind === undefined) return [];
  const { title, effort, owner, verify, undo } = SAVING_WORDS[kind];
  const subject = subjectOf(row);
  return [
    {
      key: [kind, text(row, 'model'), text(row, 'to_model')].filter((part) => part !== '').join(':'),
      kind,
      title: title(subject),
      low_fact: text(row, 'gross_low_fact'),
      high_fact: text(row, 'gross_high_fact'),
      net_low_fact: text(row, 'net_low_fact'),
      net_high_fact: text(row, 'net_high_fact'),
      coverage_fact: text(row, 'coverage_fact') || null,
      caveats: texts(row, 'caveats'),
      confidence: CONFIDENCES.find((one) => one === row['confidence']) ?? 'assumption',
      effort,
      owner,
      verify,
      undo: undo(subject),
    },
  ];
}

function subjectOf(row: JsonObject) {
  return {
    model: plainText(text(row, 'model')),
    toModel: plainText(text(row, 'to_model')),
    features: listed(texts(row, 'features').map((name) => plainText(name))),
  };
}

/** A saving as an event shows it; a report cites the facts instead. */
export const exactUsd = (facts: RunFacts, id: string): string => roundDecimal(facts.facts.get(id)?.value ?? '0', 2);

const texts = (row: JsonObject, key: string): string[] => {
  const value = row[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};

const text = (row: JsonObject, key: string): string => (typeof row[key] === 'string' ? row[key] : '');
