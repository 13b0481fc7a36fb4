import type { ReportData, Section } from '../report-data.js';
import type { Chart } from './chart.js';
import { costAgainstLatency } from './cost-against-latency.chart.js';
import { paretoOfModels } from './pareto.chart.js';
import { savingsWaterfall } from './savings-waterfall.chart.js';
import { spendOverTime } from './spend-over-time.chart.js';

interface Placed {
  readonly build: (data: ReportData) => Chart | undefined;
  /** Keys of sections: the chart stands in the first of them that the report has. */
  readonly sections: readonly string[];
}

const CHARTS: readonly Placed[] = [
  { build: paretoOfModels, sections: ['breakdown'] },
  { build: spendOverTime, sections: ['trend', 'anomalies', 'change', 'forecast'] },
  { build: savingsWaterfall, sections: ['savings'] },
  { build: costAgainstLatency, sections: ['savings'] },
];

/** The sections with the charts that the run's facts allow. */
export function withCharts(sections: readonly Section[], data: ReportData): Section[] {
  const charts = new Map<Section, Chart[]>();
  for (const { build, sections: keys } of CHARTS) {
    const section = keys
      .map((wanted) => sections.find(({ key }) => key === wanted))
      .find((found) => found !== undefined);
    const chart = section === undefined ? undefined : build(data);
    if (section !== undefined && chart !== undefined) charts.set(section, [...(charts.get(section) ?? []), chart]);
  }
  return sections.map((section) => {
    const own = charts.get(section);
    return own === undefined ? section : { ...section, charts: own };
  });
}
