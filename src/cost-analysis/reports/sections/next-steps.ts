import { cite } from '../grounding.js';
import type { ReportData, Section } from '../report-data.js';
import type { ActionStep } from '../../agents/findings.js';

/** What to do, in order. There is always a next step: without a plan it is to get better data, or to look again. */
export function nextSteps(data: ReportData): Section {
  const lines = data.steps.length > 0 ? data.steps.map(stepLine) : fallback(data);
  return {
    key: 'next_steps',
    title: 'Next steps',
    body: lines.map((line, index) => `${index + 1}. ${line}`).join('\n'),
  };
}

const stepLine = ({ step, owner, effort, saving_facts: saving, verify, undo }: ActionStep): string =>
  `**${step}.** Owner: ${owner}. Effort: ${effort}.` +
  `${saving === null ? '' : ` Expected net saving: ${cite(saving.low)} to ${cite(saving.high)}.`} To verify: ${verify}. To undo: ${undo}.`;

function fallback({ missing }: ReportData): string[] {
  const fields = missing
    .slice(0, 3)
    .map(
      ({ field, how, enables }) =>
        `**Get the field ${field}.** ${how.charAt(0).toUpperCase()}${how.slice(1)}. It makes possible: ${enables}.`,
    );
  return [...fields, '**Ask again** when new usage has been imported: importing a file twice changes nothing.'];
}
