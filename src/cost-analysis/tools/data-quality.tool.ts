import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { quotient } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { addRestatedCosts, restatedCosts, type RestatedCosts } from './restated-costs.js';
import {
  fieldCoverage,
  missingFieldNames,
  sufficiency,
  type FieldCoverage,
  type FieldGroup,
  type Sufficiency,
} from './sufficiency.js';
import { USAGE_FIELDS } from './usage-fields.js';
import { dayOfMoment, momentOf, UTC } from './time-zone.js';
import { bigintOf, SPEND, usageByTime, usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

/** A ToolReport that also says whether an analysis is possible and from which sources the rows come. */
export type DataQualityReport = ToolReport & {
  readonly sufficiency: Sufficiency;
  readonly missing: readonly string[];
  readonly sources: readonly string[];
};

/** Groups read at most; a mask has one bit a field, real data has a handful of combinations. */
const GROUPS_MAX = 5000;

interface GroupRow {
  readonly mask: number | null;
  readonly source: string | null;
  readonly days: number;
  readonly rows: string;
  readonly spend: string | null;
  readonly first: Date;
  readonly last: Date;
  readonly first_day: string;
  readonly last_day: string;
}

interface Found {
  readonly rows: readonly GroupRow[];
  readonly restated: RestatedCosts;
}

@Tool({
  name: 'data_quality',
  description:
    'Which fields the usage data carries (by share of spend), what is missing and what each field would make possible, how many days there are.',
  schema,
  idempotent: true,
})
export class DataQualityTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<DataQualityReport> {
    call.signal.throwIfAborted();
    const { where, parameters, shown } = usageByTime(this.context.tenantId, input);
    const sql = this.database.within(call.signal);
    const rows = await sql.rows<GroupRow>(statement(where, shown('ts_start')), parameters);
    const restated = await restatedCosts(sql, this.context.tenantId, input);
    return report(factScope('data_quality', input, {}), { rows, restated }, input);
  }
}

const MASK = USAGE_FIELDS.map(({ present }, bit) => `CASE WHEN ${present} THEN ${1 << bit} ELSE 0 END`).join(' + ');

/** One scan; from its few groups come three groupings: by day (only counted), by which fields a row carries, by source. */
const statement = (where: string, shown: string): string => `
  WITH found AS (
    SELECT date_bin('1 day', ${shown}, 'epoch') AS day, ${MASK} AS mask, source, count(*) AS rows, sum(${SPEND}) AS spend, min(ts_start) AS first,
      max(ts_start) AS last
    FROM usage_event WHERE ${where} GROUP BY 1, 2, 3),
  grouped AS (
    SELECT grouping(day) AS not_day, mask, source, sum(rows) AS rows, sum(spend) AS spend, min(first) AS first, max(last) AS last,
      min(day) AT TIME ZONE 'UTC' AS first_day, max(day) AT TIME ZONE 'UTC' AS last_day
    FROM found GROUP BY GROUPING SETS ((day), (mask), (source)))
  SELECT mask, source, (SELECT count(*) FROM grouped WHERE not_day = 0)::int AS days, rows::text, spend::text, first, last,
    to_char(first_day, 'YYYY-MM-DD') AS first_day, to_char(last_day, 'YYYY-MM-DD') AS last_day
  FROM grouped WHERE not_day = 1 ORDER BY grouped.rows DESC, source, mask LIMIT ${GROUPS_MAX}`;

function report(scope: string, { rows, restated }: Found, asked: Input): DataQualityReport {
  const groups: FieldGroup[] = rows.flatMap(({ mask, rows: count, spend }) =>
    mask === null ? [] : [{ mask, rows: BigInt(count), spendNano: bigintOf(spend) }],
  );
  const sources = rows.flatMap(({ source }) => source ?? []);
  const period = periodOf(rows);
  const sheet = new FactSheet(scope, period?.last ?? null);
  totals(sheet, groups, rows[0]?.days ?? 0);
  if (rows.length === 0 || rows.some(({ spend }) => spend !== null)) addSpend(sheet, groups);
  if (period !== undefined) addPeriod(sheet, period, asked.time_zone ?? UTC);
  addAsked(sheet, asked);
  const caveats = addRestatedCosts(sheet, restated);
  const coverage = fieldCoverage(groups);
  const cost = coverage.find(({ field }) => field.name === 'cost') ?? { part: 0n, whole: 0n };
  return {
    ...sheet.report({
      rows: coverage.map((entry) => fieldRow(sheet, entry)),
      needs: [],
      covered: { part: cost.whole, whole: cost.whole },
      caveats,
    }),
    sufficiency: sufficiency(groups),
    missing: missingFieldNames(groups),
    sources,
  };
}

type Period = Pick<GroupRow, 'first' | 'last' | 'first_day' | 'last_day'>;

/** Of a daily bucket the day is its date: it does not follow from its start. */
const periodOf = (rows: readonly Period[]): Period | undefined =>
  rows.reduce<Period | undefined>(
    (whole, row) => ({
      first: whole === undefined || row.first < whole.first ? row.first : whole.first,
      last: whole === undefined || row.last > whole.last ? row.last : whole.last,
      first_day: whole === undefined || row.first_day < whole.first_day ? row.first_day : whole.first_day,
      last_day: whole === undefined || row.last_day > whole.last_day ? row.last_day : whole.last_day,
    }),
    undefined,
  );

function addPeriod(sheet: FactSheet, { first, last, ...days }: Period, zone: string): void {
  const inputs = ['ts_start'];
  sheet.date('first_day', days.first_day, { formula: `day (${zone}) of the earliest start`, inputs });
  sheet.date('last_day', days.last_day, { formula: `day (${zone}) of the latest start`, inputs });
  sheet.time('first_time', first, { formula: 'earliest start', inputs });
  sheet.time('last_time', last, { formula: 'latest start', inputs });
}

/** The period that was asked for, as facts, so that an answer can name it; usage may fill only a part of it. */
function addAsked(sheet: FactSheet, { from, to, time_zone: zone = UTC }: Input): void {
  const dayOf = (text: string, before = 0): string =>
    dayOfMoment(new Date(Date.parse(momentOf(text, zone)) - before), zone);
  if (from !== undefined) sheet.date('asked_from', dayOf(from), { formula: 'first day asked for', inputs: [] });
  if (to !== undefined) sheet.date('asked_to', dayOf(to, 1), { formula: 'last day asked for', inputs: [] });
}

function totals(sheet: FactSheet, groups: readonly FieldGroup[], days: number): void {
  const rows = groups.reduce((total, group) => total + group.rows, 0n);
  sheet.count('rows', rows, { formula: 'number of usage rows', inputs: [] });
  sheet.days('days', days, { formula: 'distinct days with usage', inputs: ['ts_start'] });
}

/** Not where no row has a price: what such usage cost is not known. */
function addSpend(sheet: FactSheet, groups: readonly FieldGroup[]): void {
  const spend = groups.reduce((total, { spendNano }) => total + spendNano, 0n);
  sheet.usd('spend', spend, {
    formula: 'Σ cost, recomputed where priced, else as reported',
    inputs: ['cost_computed', 'cost_reported'],
  });
}

function fieldRow(sheet: FactSheet, { field, part, whole }: FieldCoverage) {
  const fact = sheet.percent(
    `coverage.${idPart(field.name)}`,
    { part, whole },
    { formula: 'spend with the field ÷ all spend (rows where no row has a cost)', inputs: [field.name] },
  );
  return {
    field: field.name,
    coverage: whole === 0n ? null : quotient(part, whole, 4),
    core: field.core,
    enables: field.enables,
    columns: field.columns,
    fact: fact ?? null,
  };
}
