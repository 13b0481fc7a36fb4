import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { Ids } from '../../telemetry/ids.js';
import { draftReport, type Draft } from '../reports/draft.js';
import { formatFact } from '../reports/format-fact.js';
import { renderFacts } from '../reports/grounding.js';
import { ReportAssembly, type FailedSection } from '../reports/report-assembly.js';
import { counted, type ReportData } from '../reports/report-data.js';
import { Recommendations, type KeptFindings } from '../reports/recommendations.js';
import { ReportStore } from '../reports/report-store.js';
import { RunFacts } from '../reports/run-facts.js';
import { actionsOf, missingFieldsOf, opportunitiesOf, triageFinding } from './findings.js';
import { instructions } from './instructions.js';

const INSTRUCTIONS = instructions(
  'Write the answer for a finance lead: plain, precise, no filler, good to hear read aloud. The draft sections are complete and correct. ' +
    'Rewrite the first one so that it answers the question directly; rewrite another one only where the question asks for it, and leave the rest out. ' +
    'Write each section under its exact heading, "## <title>". No links, no HTML, no new tables.',
);

const REPAIR = instructions(
  'These sections were refused, because of what stands under "violations": figures that are no citations of known facts, or links. ' +
    'Write them again under their exact headings, "## <title>", with every figure as a citation from the list of facts.',
);

/** Writes the answer from what the run's tools computed, keeps it, and streams it while it is written. */
@Agent({ name: 'report', description: 'Writes the report; every figure in it is a fact of this run.' })
export class ReportAgent implements AgentHandler {
  constructor(
    private readonly store: ReportStore,
    private readonly ids: Ids,
    private readonly recommendations: Recommendations,
  ) {}

  opening(task: AgentTask): string {
    const { intent, sufficiency, recommended_by: kept, beyond } = triageFinding(task);
    if (beyond !== undefined) return 'This is nothing that can be answered here; saying what can be asked instead.';
    if (intent === 'unrelated')
      return 'The question is not about the cost of language models; saying what can be asked instead.';
    if (kept !== undefined) return 'Answering from the recommendations that were computed earlier in this thread.';
    if (sufficiency === 'insufficient') return 'There is no usage data, so the answer is how to get it in.';
    const facts = new RunFacts(task.toolResults);
    return `Writing the report from ${facts.facts.size} facts that ${counted(task.toolResults.filter(({ success }) => success).length, 'tool call')} computed.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const data = await this.dataOf(task);
    const draft = draftReport(data);
    const reportId = this.ids.next();
    const assembly = new ReportAssembly(draft, data.facts, {
      reportId,
      show: (text) => task.streamText(text),
      currency: task.context.preferences.currencyDisplay,
    });
    const { text } = await task.converse(this.writing(task, { data, draft, assembly }));
    const failed = assembly.written(text);
    if (failed.length > 0) await this.repair(task, { data, assembly, failed });
    return this.keep(task, { reportId, data, draft, assembly, repaired: failed.length });
  }

  /** Of this run, or of the earlier one whose recommendations answer the question. */
  private async dataOf(task: AgentTask): Promise<ReportData> {
    const { recommended_by: earlier, intent, length } = triageFinding(task);
    if (earlier === undefined) return reportData(task, task);
    const kept = await this.recommendations.findingsOf(task.context, earlier);
    const triage = { ...kept.findings['triage'], intent, topics: [], ...(length === undefined ? {} : { length }) };
    return reportData(task, { ...kept, findings: { ...kept.findings, triage } });
  }

  private writing(
    task: AgentTask,
    { data, draft, assembly }: { data: ReportData; draft: Draft; assembly: ReportAssembly },
  ) {
    const [first] = draft.sections;
    const opening = first === undefined ? draft.title : `## ${first.title}\n\n${first.body}`;
    return {
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        // Read by a provider's model only.
        get facts() {
          return factList(data.facts, task);
        },
        draft: draft.sections.map(({ key, title, body }) => ({ key, title, body })),
      },
      tools: [],
      plan: () => ({
        reasoning: `The report has ${counted(draft.sections.length, 'section')}: ${draft.sections.map(({ title }) => `“${title}”`).join(', ')}.`,
        text: opening,
      }),
      onText: (delta: string) => assembly.push(delta),
      onTextVoid: () => {
        task.resetText();
        assembly.restart();
      },
    };
  }

  private async repair(
    task: AgentTask,
    { data, assembly, failed }: { data: ReportData; assembly: ReportAssembly; failed: readonly FailedSection[] },
  ): Promise<void> {
    const titles = failed.map(({ section }) => section.title.toLowerCase()).join(', ');
    task.think(`The wording of ${titles} has figures that no tool computed; asking once for a correction.`, 'verify');
    const refused = failed.map(({ section, text, violations }) => ({
      title: section.title,
      text,
      violations: violations.map(({ kind, found }) => ({ kind, found })),
    }));
    const { text } = await task.converse({
      instructions: REPAIR,
      input: { question: task.query, facts: factList(data.facts, task), refused },
      tools: [],
      plan: () => ({
        reasoning: `Taking the computed text for ${titles}.`,
        text: failed.map(({ section }) => `## ${section.title}\n\n${section.body}`).join('\n\n'),
      }),
    });
    assembly.repaired(text);
  }

  /** Later questions about what to do are answered from what this run found. */
  private async remember(task: AgentTask): Promise<void> {
    const { basis } = triageFinding(task);
    if (basis !== undefined && actionsOf(task).length > 0 && opportunitiesOf(task).length > 0)
      await this.recommendations.keep(task.context, basis);
  }

  private async keep(task: AgentTask, written: Written): Promise<AgentOutcome> {
    const { reportId, data, draft, assembly, repaired } = written;
    const title = renderFacts(draft.title, data.facts.facts, task.context.preferences.currencyDisplay);
    const sections = draft.sections.map((section) => section.key);
    if (data.triage.intent === 'unrelated') return { result: { title, sections }, response: assembly.markdown };
    const { markdown, facts, charts } = assembly;
    const { threadId, runId } = task.context;
    const kept = await this.store.keep(task.context, {
      id: reportId,
      threadId,
      runId,
      title,
      markdown,
      facts,
      charts,
    });
    await this.remember(task);
    return {
      result: { title, report_id: kept.id, sections, facts_cited: facts.length, sections_repaired: repaired },
      response: kept.markdown,
      reportId: kept.id,
    };
  }
}

interface Written {
  readonly reportId: string;
  readonly data: ReportData;
  readonly draft: Draft;
  readonly assembly: ReportAssembly;
  /** Sections that were asked for again. */
  readonly repaired: number;
}

const reportData = (
  { query, context }: AgentTask,
  found: Pick<AgentTask, 'findings'> & { readonly toolResults: KeptFindings['toolResults'] },
): ReportData => ({
  question: triageFinding(found).asked ?? query,
  triage: triageFinding(found),
  facts: new RunFacts(found.toolResults),
  opportunities: opportunitiesOf(found),
  steps: actionsOf(found),
  missing: missingFieldsOf(found),
  askedAt: context.createdAt,
});

/** Ids with their values as they will be shown: enough for a model to choose from. */
const factList = ({ facts }: RunFacts, { context }: Pick<AgentTask, 'context'>) =>
  Object.fromEntries(
    [...facts.values()].map((fact) => [fact.id, formatFact(fact, context.preferences.currencyDisplay)]),
  );
