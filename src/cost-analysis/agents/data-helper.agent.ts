import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { citedText } from '../reports/cited-text.js';
import { counted } from '../reports/report-data.js';
import { RunFacts } from '../reports/run-facts.js';
import { listed } from './calls-then-text.js';
import { IMPORT_GUIDE, missingFields } from './field-guide.js';
import { triageFinding, type MissingField, type TriageFinding } from './findings.js';
import { instructions } from './instructions.js';

const INSTRUCTIONS = instructions(
  'The missing fields are given, with what each would make possible and how to get it. Say in one or two sentences which to get first and why.',
);

const SHOWN_MAX = 3;

/** Says exactly what the data lacks, what that costs the analysis, and how to get it. */
@Agent({ name: 'data_helper', description: 'Names missing data, what it would make possible, and how to get it.' })
export class DataHelperAgent implements AgentHandler {
  opening(task: AgentTask): string {
    const { rows, missing, sufficiency } = triageFinding(task);
    if (sufficiency === 'insufficient')
      return 'There is no usage data with tokens or a cost; working out how to get it in.';
    return `The ${rows} usage rows lack ${counted(missing.length, 'field')}: ${missing.slice(0, SHOWN_MAX).join(', ')}${missing.length > SHOWN_MAX ? ' and more' : ''}.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const triage = triageFinding(task);
    const missing = triage.sufficiency === 'insufficient' ? [] : missingFields(triage.missing, triage.sources);
    const computed = summaryOf(triage, missing);
    const { text } = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        sufficiency: triage.sufficiency,
        sources: triage.sources,
        missing,
        import: IMPORT_GUIDE,
      },
      tools: [],
      plan: () => ({ reasoning: reasoning(triage, missing), text: computed }),
    });
    const summary = citedText(text, computed, {
      grounds: new RunFacts(task.toolResults),
      currency: task.context.preferences.currencyDisplay,
    });
    return { result: { summary, missing, import: IMPORT_GUIDE }, response: summary };
  }
}

const reasoning = ({ sources }: TriageFinding, missing: readonly MissingField[]): string =>
  missing.length === 0
    ? `What has to come in first: ${IMPORT_GUIDE.required.join(', ')}.`
    : `Looked up how ${sources.length === 0 ? 'the generic format' : listed(sources)} can deliver ${listed(missing.map(({ field }) => field))}.`;

function summaryOf({ sufficiency }: TriageFinding, missing: readonly MissingField[]): string {
  if (sufficiency === 'insufficient') {
    return `Send a usage file to ${IMPORT_GUIDE.endpoint}; it needs ${listed(IMPORT_GUIDE.required)} in each row.`;
  }
  const [first] = missing;
  return first === undefined
    ? 'No known field is missing.'
    : `The field to get first is ${first.field}: ${first.how}. It makes possible: ${first.enables}.`;
}
