import { USAGE_FIELDS } from './usage-fields.js';

export const SUFFICIENCIES = ['sufficient', 'partial', 'insufficient'] as const;
export type Sufficiency = (typeof SUFFICIENCIES)[number];

/** Rows that carry the same fields, as a bit mask over USAGE_FIELDS, with what they cost. */
export interface FieldGroup {
  readonly mask: number;
  readonly rows: bigint;
  readonly spendNano: bigint;
}

/** How much carries a field: by spend (a credit weighs as much as a cost), or by rows where no row has a cost. */
export interface FieldCoverage {
  readonly field: (typeof USAGE_FIELDS)[number];
  readonly part: bigint;
  readonly whole: bigint;
}

/** A core field must cover four fifths before totals and savings are presented as the whole picture. */
const CORE_COVERAGE_MIN_PERCENT = 80n;

export function fieldCoverage(groups: readonly FieldGroup[]): FieldCoverage[] {
  const size = ({ spendNano }: FieldGroup): bigint => (spendNano < 0n ? -spendNano : spendNano);
  const isPriced = groups.some((group) => size(group) > 0n);
  const weight = (group: FieldGroup): bigint => (isPriced ? size(group) : group.rows);
  const whole = groups.reduce((total, group) => total + weight(group), 0n);
  return USAGE_FIELDS.map((field, bit) => ({ field, part: carried(groups, bit, weight), whole }));
}

/**
 * insufficient: no row that has tokens or a cost. partial: a core field (model, tokens, cost) covers under four fifths.
 * A row without a cost weighs nothing in spend, so the core fields are also counted by rows.
 */
export function sufficiency(groups: readonly FieldGroup[]): Sufficiency {
  const usable = groups.filter(({ mask }) => has(mask, 'tokens') || has(mask, 'cost'));
  if (usable.every(({ rows }) => rows === 0n)) return 'insufficient';
  return thinCoreFields(groups).length === 0 ? 'sufficient' : 'partial';
}

/** Names of fields that no row carries, and of core fields that too little carries. */
export function missingFieldNames(groups: readonly FieldGroup[]): string[] {
  const thin = thinCoreFields(groups);
  return fieldCoverage(groups)
    .filter(({ field, part }) => part === 0n || thin.includes(field.name))
    .map(({ field }) => field.name);
}

function thinCoreFields(groups: readonly FieldGroup[]): string[] {
  const byRows = groups.map((group) => ({ ...group, spendNano: 0n }));
  return [...fieldCoverage(groups), ...fieldCoverage(byRows)]
    .filter(({ field, part, whole }) => field.core && 100n * part < CORE_COVERAGE_MIN_PERCENT * whole)
    .map(({ field }) => field.name);
}

const has = (mask: number, name: string): boolean =>
  (mask & (1 << USAGE_FIELDS.findIndex((field) => field.name === name))) !== 0;

const carried = (groups: readonly FieldGroup[], bit: number, weight: (group: FieldGroup) => bigint): bigint =>
  groups.reduce((total, group) => (group.mask & (1 << bit) ? total + weight(group) : total), 0n);
