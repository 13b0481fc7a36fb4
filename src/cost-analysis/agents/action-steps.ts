import type { RunFacts } from '../reports/run-facts.js';
import { plainText } from '../reports/plain-text.js';
import { FORECAST_DAYS_MIN } from '../tools/forecast.js';
import { listed } from './calls-then-text.js';
import type { ActionStep, Opportunity } from './findings.js';

/** A reported cost that is off by more than this many percent is looked at before anything is saved. */
const GAP_PERCENT_MIN = 2;
/** Spend without a team, in percent, from which nobody can be asked about it. */
const UNTAGGED_PERCENT_MIN = 20;

/**
 * The ordered plan: first make the figures right, then save (the largest first), then make the rest visible.
 * Savings are net: what each step brings when the ones that are applied before it are done.
 */
export function actionSteps(facts: RunFacts, opportunities: readonly Opportunity[]): ActionStep[] {
  return [
    ...gapStep(facts),
    ...billStep(facts),
    ...unpricedStep(facts),
    ...savingSteps(opportunities),
    ...taggingStep(facts),
    ...watchStep(facts),
  ];
}

function gapStep(facts: RunFacts): ActionStep[] {
  const gap = Number(facts.fact('reconcile_costs', 'gap_percent')?.value ?? '0');
  if (Math.abs(gap) < GAP_PERCENT_MIN) return [];
  return [
    {
      step: 'Clear up why reported and recomputed cost differ',
      owner: 'Finance',
      effort: 'low',
      saving_facts: null,
      verify: 'compare the largest gaps by model with the invoice and with negotiated prices',
      undo: 'nothing to undo',
    },
  ];
}

/** Bills and usage that differ: either usage is missing, or it is priced at other prices than those that are paid. */
function billStep(facts: RunFacts): ActionStep[] {
  const off = (facts.report('reconcile_costs')?.rows ?? []).filter(({ kind, gap_percent_fact: id }) => {
    const gap = kind === 'bill' && typeof id === 'string' ? facts.facts.get(id)?.value : undefined;
    return Math.abs(Number(gap ?? '0')) >= GAP_PERCENT_MIN;
  });
  const providers = off.flatMap(({ name }) => (typeof name === 'string' ? [plainText(name)] : []));
  if (providers.length === 0) return [];
  return [
    {
      step: `Clear up why the bill of ${listed(providers)} and its usage differ`,
      owner: 'Finance',
      effort: 'low',
      saving_facts: null,
      verify: 'import the usage of every project and key of the days of the bill, and the prices that were negotiated',
      undo: 'nothing to undo',
    },
  ];
}

function unpricedStep(facts: RunFacts): ActionStep[] {
  if ((facts.fact('reconcile_costs', 'unpriced_rows')?.value ?? '0') === '0') return [];
  return [
    {
      step: 'Name the models that have no list price, or import their cost',
      owner: 'Platform team',
      effort: 'low',
      saving_facts: null,
      verify: 'import again and see that no row is unpriced',
      undo: 'nothing to undo',
    },
  ];
}

const savingSteps = (opportunities: readonly Opportunity[]): ActionStep[] =>
  opportunities.map(({ title, owner, effort, net_low_fact: low, net_high_fact: high, verify, undo }) => ({
    step: title,
    owner,
    effort,
    saving_facts: { low, high },
    verify,
    undo,
  }));

function taggingStep(facts: RunFacts): ActionStep[] {
  const team = facts.fact('cost_breakdown', 'team.(untagged).share');
  if (team === undefined || Number(team.value) < UNTAGGED_PERCENT_MIN) return [];
  return [
    {
      step: 'Send a team with every request, so that each cost has an owner',
      owner: 'Platform team',
      effort: 'medium',
      saving_facts: null,
      verify: 'ask again in a week and see the untagged share fall',
      undo: 'stop sending the tag',
    },
  ];
}

/** Of a question that names its days nobody knows how many there are in all. */
function watchStep(facts: RunFacts): ActionStep[] {
  if (['asked_from', 'asked_to'].some((path) => facts.fact('data_quality', path) !== undefined)) return [];
  if (Number(facts.fact('data_quality', 'days')?.value ?? '0') >= FORECAST_DAYS_MIN) return [];
  if (facts.fact('forecast_spend', 'low') !== undefined) return [];
  return [
    {
      step: 'Import at least fourteen days of usage',
      owner: 'Platform team',
      effort: 'low',
      saving_facts: null,
      verify: 'ask again: unusual days and a forecast with a range are then part of the report',
      undo: 'nothing to undo',
    },
  ];
}
