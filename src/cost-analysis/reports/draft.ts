import { withCharts } from './charts/section-charts.js';
import { analyses } from './sections/analyses.js';
import { changeSection } from './sections/change.js';
import { trend } from './sections/trend.js';
import { anomalies, forecast } from './sections/outlook.js';
import { breakdown } from './sections/breakdown.js';
import { capabilities, noData } from './sections/getting-started.js';
import { dataQuality } from './sections/data-quality.js';
import { headline } from './sections/headline.js';
import { method, methodInBrief } from './sections/method.js';
import { nextSteps } from './sections/next-steps.js';
import { peaks } from './sections/peaks.js';
import { reconciliationSection } from './sections/reconciliation.js';
import { savings } from './sections/savings.js';
import { scopeOfNames } from './sections/scope.js';
import { sources } from './sections/sources.js';
import { units } from './sections/units.js';
import { citation, onOneDay, rowsOf, type ReportData, type Section } from './report-data.js';
import type { Intent } from '../agents/intent-words.table.js';

/** The report as the tools' results alone make it: a title and sections, numbers as citations. */
export interface Draft {
  readonly title: string;
  readonly sections: readonly Section[];
}

type Builder = (data: ReportData) => Section | undefined;

/** The sections that answer each question, in their order; every answer says what comes next and how the figures were made. */
const SECTIONS: Readonly<Record<Intent, readonly Builder[]>> = {
  overview: [sources, reconciliationSection, breakdown, savings, anomalies, forecast, dataQuality, nextSteps, method],
  total: [sources, breakdown, nextSteps, method],
  breakdown: [sources, breakdown, nextSteps, method],
  comparison: [sources, changeSection, breakdown, nextSteps, method],
  share: [sources, breakdown, nextSteps, method],
  trend: [sources, trend, forecast, changeSection, nextSteps, method],
  peak: [sources, peaks, anomalies, nextSteps, method],
  units: [sources, units, nextSteps, method],
  change: [sources, changeSection, anomalies, nextSteps, method],
  anomaly: [sources, anomalies, changeSection, nextSteps, method],
  forecast: [sources, forecast, nextSteps, method],
  budget: [sources, forecast, nextSteps, method],
  savings: [sources, analyses, savings, nextSteps, method],
  what_if: [sources, analyses, savings, nextSteps, method],
  advice: [sources, nextSteps, savings, method],
  reconciliation: [sources, reconciliationSection, nextSteps, method],
  data_quality: [sources, dataQuality, reconciliationSection, nextSteps, method],
  unrelated: [],
};

export function draftReport(data: ReportData): Draft {
  const { intent, sufficiency } = data.triage;
  if (intent === 'unrelated') return { title: 'AI costs: what you can ask', sections: capabilities(data) };
  if (sufficiency === 'insufficient') return { title: 'AI costs: no usage data yet', sections: noData() };
  const sections = wantedSections(data)
    .map((section) => section(data))
    .filter((section) => section !== undefined);
  // Where too little is known of the data, what it lacks is a part of every answer.
  const lacking =
    sufficiency === 'partial' && data.triage.length !== 'brief' && !sections.some(({ key }) => key === 'data_quality')
      ? dataQuality(data)
      : undefined;
  const all = [headline(data), ...sections, ...(lacking === undefined ? [] : [lacking])];
  return { title: title(data), sections: withCharts(all, data) };
}

const CLOSING: readonly Builder[] = [nextSteps, method];

/** In detail, everything that an overview has comes behind the answer itself; the gist is the answer, and how old the prices are. */
function wantedSections({ triage: { intent, length } }: ReportData): readonly Builder[] {
  if (length === 'brief') return [methodInBrief];
  if (length !== 'detailed') return SECTIONS[intent];
  const own = SECTIONS[intent].filter((section) => !CLOSING.includes(section));
  return [...new Set([...own, ...SECTIONS.overview])];
}

function title(data: ReportData): string {
  const [first, last] = [citation(data, 'data_quality', 'first_day'), citation(data, 'data_quality', 'last_day')];
  const period =
    first === undefined || last === undefined ? '' : onOneDay(data) ? `, ${first}` : `, ${first} to ${last}`;
  const kinds = rowsOf(data, 'reconcile_costs').filter(({ kind }) => kind === 'source');
  const synthetic = kinds.some((row) => row['synthetic'] === true);
  return `AI cost report${scopeOfNames(data)}${period}${synthetic ? (kinds.every((row) => row['synthetic'] === true) ? ' (synthetic data)' : ' (partly synthetic data)') : ''}`;
}
