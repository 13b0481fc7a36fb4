import { anomalies, forecast } from './sections/outlook.js';
import { breakdown } from './sections/breakdown.js';
import { capabilities, noData } from './sections/getting-started.js';
import { dataQuality } from './sections/data-quality.js';
import { headline } from './sections/headline.js';
import { method } from './sections/method.js';
import { nextSteps } from './sections/next-steps.js';
import { reconciliationSection } from './sections/reconciliation.js';
import { savings } from './sections/savings.js';
import { scopeOfNames } from './sections/scope.js';
import { sources } from './sections/sources.js';
import { citation, onOneDay, rowsOf, type ReportData, type Section } from './report-data.js';
import type { Intent } from '../agents/question.js';

/** The report as the tools' results alone make it: a title and sections, numbers as citations. */
export interface Draft {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** The section that a question is about comes right after the headline and the sources. */
const FOREMOST: Readonly<Partial<Record<Intent, string>>> = {
  breakdown: 'breakdown',
  trend: 'forecast',
  anomaly: 'anomalies',
  forecast: 'forecast',
  savings: 'savings',
  data_quality: 'data_quality',
};

export function draftReport(data: ReportData): Draft {
  if (data.triage.intent === 'unrelated') return { title: 'AI costs: what you can ask', sections: capabilities(data) };
  if (data.triage.sufficiency === 'insufficient') return { title: 'AI costs: no usage data yet', sections: noData() };
  const all = [
    reconciliationSection(data),
    breakdown(data),
    anomalies(data),
    forecast(data),
    savings(data),
    dataQuality(data),
    nextSteps(data),
    method(data),
  ].filter((section) => section !== undefined);
  const foremost = FOREMOST[data.triage.intent];
  const ordered = [...all.filter(({ key }) => key === foremost), ...all.filter(({ key }) => key !== foremost)];
  const source = sources(data);
  return { title: title(data), sections: [headline(data), ...(source === undefined ? [] : [source]), ...ordered] };
}

function title(data: ReportData): string {
  const [first, last] = [citation(data, 'data_quality', 'first_day'), citation(data, 'data_quality', 'last_day')];
  const period =
    first === undefined || last === undefined ? '' : onOneDay(data) ? `, ${first}` : `, ${first} to ${last}`;
  const kinds = rowsOf(data, 'reconcile_costs').filter(({ kind }) => kind === 'source');
  const synthetic = kinds.some((row) => row['synthetic'] === true);
  return `AI cost report${scopeOfNames(data)}${period}${synthetic ? (kinds.every((row) => row['synthetic'] === true) ? ' (synthetic data)' : ' (partly synthetic data)') : ''}`;
}
