import { usdDecimal } from '../prices/money.js';
import { change, changeEffects, type ChangedSegment, type ChangeEffects } from './change-effects.js';
import type { Comparison, NamedChange, NamedUse } from './changed-use.js';
import type { ToolReport } from './fact.js';
import { idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import { dayOfMoment } from './time-zone.js';
import type { Dimension } from './usage-scope.js';

export interface ChangeFindings {
  readonly comparison: Comparison;
  readonly dimensions: readonly Dimension[];
  readonly changes: readonly NamedChange[];
  readonly timeZone: string;
  /** What is to be said about the periods. */
  readonly caveats: readonly string[];
}

const SEGMENTS_SHOWN_MAX = 6;

const EFFECTS = {
  volume: 'volume',
  mix: 'mix',
  tokens_per_request: 'tokensPerRequest',
  price: 'price',
  other: 'other',
} as const satisfies Record<string, keyof ChangeEffects>;

export function changeReport(scope: string, findings: ChangeFindings): ToolReport {
  const { comparison, dimensions, changes } = findings;
  const sheet = new FactSheet(scope, latestOf(changes));
  addPeriods(sheet, comparison, findings.timeZone);
  const [before, after] = [total(changes, 'before'), total(changes, 'after')];
  const whole = addTotals(sheet, changes);
  const effects = changeEffects(changes);
  const known = changes.flatMap(({ names, ...rest }) => (names === null ? [] : [{ names, ...rest }]));
  return sheet.report({
    rows: [
      ...(whole === undefined ? [] : effectRows(sheet, effects, whole)),
      ...[...known]
        .sort(byChange)
        .slice(0, SEGMENTS_SHOWN_MAX)
        .map((one) => segmentRow(sheet, dimensions, one)),
    ],
    needs: ['cost', 'tokens', ...dimensions],
    covered: { part: before + after - absolute(effects.other), whole: before + after },
    caveats: [...findings.caveats, ...addUnpriced(sheet, changes), ...caveats(effects, before)],
  });
}

type Side = 'before' | 'after';

const total = (changes: readonly NamedChange[], side: Side): bigint =>
  changes.reduce((sum, one) => sum + one[side].costNano, 0n);

/** The fact of the change; undefined where all usage of a period is without a price, and there is nothing to compare. */
function addTotals(sheet: FactSheet, changes: readonly NamedChange[]): string | undefined {
  const from = ['cost_computed', 'cost_reported'];
  const usd = (side: Side, formula: string): string | undefined =>
    changes.some((one) => isUnknown(one[side])) && !changes.some((one) => one[side].isPriced)
      ? undefined
      : sheet.usd(side, total(changes, side), { formula, inputs: from });
  const inputs = [usd('before', 'Σ cost of the period compared with'), usd('after', 'Σ cost of the period')];
  const known = inputs.flatMap((fact) => fact ?? []);
  if (known.length < inputs.length) return undefined;
  const [before, changed] = [total(changes, 'before'), change(changes)];
  const whole = sheet.usd('change', changed, {
    formula: 'cost of the period − cost of the one before',
    inputs: known,
  });
  sheet.percent('change_percent', { part: changed, whole: before }, { formula: 'change ÷ before', inputs: [whole] });
  return whole;
}

/** Work that moves to what has no price would otherwise read as work that has become cheaper. */
function addUnpriced(sheet: FactSheet, changes: readonly NamedChange[]): string[] {
  const sides = ['before', 'after'] as const;
  if (changes.every((one) => sides.every((side) => one[side].unpricedTokens === null))) return [];
  for (const side of sides)
    sheet.tokens(
      `unpriced_tokens_${side}`,
      changes.reduce((sum, one) => sum + (one[side].unpricedTokens ?? 0n), 0n),
      {
        formula: 'Σ tokens of usage with neither a price nor a reported cost',
        inputs: ['input_total', 'output_total'],
      },
    );
  return [
    'Usage without a price is in no figure: what moved to it looks like a drop, and what came from it like a rise.',
  ];
}

function addPeriods(sheet: FactSheet, { before, after }: Comparison, zone: string): void {
  const day = (moment: number): string => dayOfMoment(new Date(moment), zone);
  const add = (path: string, { from, to }: { from: Date; to: Date }): void => {
    sheet.date(`${path}from`, day(from.getTime()), { formula: 'first day', inputs: [] });
    sheet.date(`${path}to`, day(to.getTime() - 1), { formula: 'last day', inputs: [] });
  };
  add('', after);
  add('compare_', before);
}

function effectRows(sheet: FactSheet, effects: ChangeEffects, whole: string) {
  return Object.entries(EFFECTS).flatMap(([name, key]) => {
    const nano = effects[key];
    const isIrrelevant = nano === 0n && (key === 'other' || (key === 'tokensPerRequest' && effects.basis === 'tokens'));
    if (isIrrelevant) return [];
    const formula = `Shapley value of ${name.replaceAll('_', ' ')} in spend = volume × share × tokens per request × price`;
    const fact = sheet.usd(`effect.${name}`, nano, {
      formula: key === 'other' ? 'change of cost without tokens' : formula,
      inputs: [whole],
    });
    return [{ row: 'effect', effect: name, change_usd: usdDecimal(nano), change_fact: fact, basis: effects.basis }];
  });
}

function segmentRow(
  sheet: FactSheet,
  dimensions: readonly Dimension[],
  { names, before, after }: NamedChange & { names: readonly (string | null)[] },
) {
  const path = `segment.${names.map((name) => (name === null ? '(untagged)' : idPart(name))).join('.')}`;
  const usd = (part: string, nano: bigint | null, formula: string) =>
    nano === null ? null : sheet.usd(`${path}.${part}`, nano, { formula, inputs: [...dimensions] });
  const [from, to] = [costOf(before), costOf(after)];
  const changed = from === null || to === null ? null : to - from;
  return {
    row: 'segment',
    ...Object.fromEntries(dimensions.map((dimension, at) => [dimension, names[at] ?? null])),
    change_usd: changed === null ? null : usdDecimal(changed),
    before_fact: usd('before', from, 'Σ cost before'),
    after_fact: usd('after', to, 'Σ cost of the period'),
    change_fact: usd('change', changed, 'after − before'),
    ...requestFacts(sheet, path, { before, after }),
  };
}

/** There is usage and none of it has a price: its cost is not known, which is not nothing. */
const isUnknown = ({ isPriced, unpricedTokens }: NamedUse): boolean => !isPriced && unpricedTokens !== null;
const costOf = (use: NamedUse): bigint | null => (isUnknown(use) ? null : use.costNano);

function requestFacts(sheet: FactSheet, path: string, { before, after }: ChangedSegment) {
  if (before.requests === null || after.requests === null) return {};
  const count = (part: string, requests: number) =>
    sheet.count(`${path}.requests_${part}`, requests, { formula: 'Σ requests', inputs: ['requests'] });
  return {
    requests_before_fact: count('before', before.requests),
    requests_after_fact: count('after', after.requests),
  };
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

function byChange(a: NamedChange, b: NamedChange): number {
  const [one, other] = [absolute(change([a])), absolute(change([b]))];
  return one < other ? 1 : one > other ? -1 : 0;
}

const caveats = ({ basis, other }: ChangeEffects, before: bigint): string[] => [
  ...(before === 0n ? ['There is no spend in the period compared with: all of it counts as volume.'] : []),
  ...(basis === 'tokens' ? ['Some rows do not count their requests, so volume is counted in tokens.'] : []),
  ...(other === 0n ? [] : ['Some cost comes without tokens; no factor explains its change.']),
];
