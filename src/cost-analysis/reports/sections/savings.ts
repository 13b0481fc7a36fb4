import { cite } from '../grounding.js';
import { plainText } from '../plain-text.js';
import { citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';
import type { Opportunity } from '../../agents/findings.js';

const CONFIDENCE = {
  measured: 'measured (on the data itself)',
  derived: 'derived (computed from the data, if what is cut was not needed)',
  assumption: 'assumption (about how much can move, and that the other model is good enough)',
} as const satisfies Record<Opportunity['confidence'], string>;

/** Each saving as a range with what it rests on; never a sum of them. */
export function savings(data: ReportData): Section | undefined {
  if (data.triage.sufficiency !== 'sufficient') return undefined;
  const [first] = data.opportunities;
  if (first === undefined)
    return {
      key: 'savings',
      title: 'Savings',
      body: paragraphs('No saving was found that is large enough to be worth the work.', alternatives(data)),
    };
  return {
    key: 'savings',
    title: 'Savings',
    body: paragraphs(
      data.opportunities.map(line).join('\n'),
      `Each range is gross, on the spend in this data, and stands alone. The savings overlap, so they must not be added up. Of the cheaper models, the one nearest in kind that saves enough is named first; others may save more and differ more.`,
      alternatives(data),
    ),
  };
}

const line = (one: Opportunity): string =>
  `- **${one.title}:** ${cite(one.low_fact)} to ${cite(one.high_fact)}. Confidence: ${CONFIDENCE[one.confidence]}.` +
  `${one.coverage_fact === null ? '' : ` It covers ${cite(one.coverage_fact)} of spend.`} To verify: ${one.verify}.`;

/** All simulated models, also those not suggested: the choice is the reader's. */
function alternatives(data: ReportData): string | undefined {
  const rows = rowsOf(data, 'simulate_model_substitution');
  if (rows.length < (data.triage.entities.to_model === undefined ? 2 : 1)) return undefined;
  const lines = rows.map(
    (row) =>
      `| ${plainText(textOf(row, 'from_model') ?? '')} | ${plainText(textOf(row, 'to_model') ?? '')} | ${citationIn(row, 'now_fact') ?? ''} | ${citationIn(row, 'then_fact') ?? ''} |`,
  );
  return [
    'The same tokens on other models, if all of the traffic moved, which is never assumed for a saving:',
    '',
    '| In use | Instead | Cost now | Cost then |',
    '| --- | --- | ---: | ---: |',
    ...lines,
  ].join('\n');
}
