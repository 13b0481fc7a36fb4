import type { AgentHandler, AgentOutcome } from '../../src/agents/agent.decorator.js';
import type {
  AgentTask,
  Conversation,
  ConversationOutcome,
  DelegateOutcome,
  HistoryMessage,
} from '../../src/agents/agent-task.js';
import type { JsonObject } from '../../src/context/json.js';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { ActionsAgent } from '../../src/cost-analysis/agents/actions.agent.js';
import { DataAgent } from '../../src/cost-analysis/agents/data.agent.js';
import { DataHelperAgent } from '../../src/cost-analysis/agents/data-helper.agent.js';
import { OptimizationAgent } from '../../src/cost-analysis/agents/optimization.agent.js';
import { ReportAgent } from '../../src/cost-analysis/agents/report.agent.js';
import { TriageAgent } from '../../src/cost-analysis/agents/triage.agent.js';
import { CostAnalysisPipeline } from '../../src/cost-analysis/pipeline.js';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { EarlierChange } from '../../src/cost-analysis/reports/earlier-change.js';
import { Recommendations } from '../../src/cost-analysis/reports/recommendations.js';
import { ReportStore } from '../../src/cost-analysis/reports/report-store.js';
import type { Plan, PlannedResult } from '../../src/models/plan.js';
import type { Database } from '../../src/persistence/database.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import type { ToolRecord } from '../../src/tools/tool-call.js';
import { ToolBox } from './cost-tools-setup.js';

/** What a writer other than the planner would say, by agent and number of the conversation; undefined leaves it to the plan. */
export type Writer = (agent: string, conversation: number) => string | undefined;

export interface RunOutcome {
  readonly agents: readonly string[];
  readonly openings: readonly string[];
  readonly thoughts: readonly string[];
  readonly tools: readonly string[];
  readonly results: Readonly<Record<string, JsonObject>>;
  readonly response: string;
  readonly reportId: string | undefined;
  readonly streamed: string;
}

/** The pipeline's agents on real tools and a real database, in the order that the pipeline gives, without the platform around them. */
export class PipelineRun {
  private readonly agents: Readonly<Record<string, AgentHandler>>;
  private readonly pipeline = new CostAnalysisPipeline();
  private readonly findings: Record<string, JsonObject> = {};
  private readonly records: ToolRecord[] = [];
  private readonly thoughts: string[] = [];
  private streamed = '';

  constructor(
    private readonly database: Database,
    private readonly context: UserExecutionContext,
    private readonly writer: Writer = () => undefined,
  ) {
    const recommendations = new Recommendations(database, new PriceBook(), new Clock());
    this.agents = {
      triage: new TriageAgent(this.pipeline, recommendations, new EarlierChange(database)),
      data_helper: new DataHelperAgent(),
      data: new DataAgent(),
      optimization: new OptimizationAgent(),
      actions: new ActionsAgent(),
      report: new ReportAgent(new ReportStore(database, new Clock()), new Ids(), recommendations),
    };
  }

  /** `earlier`: what the user asked before in the thread, oldest first. */
  async ask(query: string, earlier: readonly string[] = []): Promise<RunOutcome> {
    const openings: string[] = [];
    const route = ['triage'];
    let last: AgentOutcome | undefined;
    for (let next = route[0]; next !== undefined; next = route[openings.length]) {
      const agent = this.agents[next];
      if (agent === undefined) throw new Error(`no agent ${next}`);
      const task = this.task(next, { query, earlier });
      openings.push(agent.opening(task));
      last = await agent.execute(task);
      this.findings[next] = JSON.parse(JSON.stringify(last.result)) as JsonObject;
      if (next === 'triage') route.push(...this.pipeline.route(this.findings.triage ?? {}));
    }
    return {
      agents: route,
      openings,
      thoughts: this.thoughts,
      tools: this.records.map(({ tool }) => tool),
      results: this.findings,
      response: last?.response ?? '',
      reportId: last?.reportId,
      streamed: this.streamed,
    };
  }

  private task(agent: string, { query, earlier }: { query: string; earlier: readonly string[] }): AgentTask {
    const box = new ToolBox(this.database, this.context);
    const callTool = async (tool: string, parameters: JsonObject): Promise<ToolRecord> => {
      const result = await box.call(tool, parameters);
      const identity = { toolCallId: String(this.records.length), agentPath: `supervisor/${agent}`, conversation: 0 };
      const record: ToolRecord = { ...identity, tool, parameters, success: true, result };
      this.records.push(record);
      return record;
    };
    let conversations = 0;
    return {
      query,
      history: earlier.flatMap((text): HistoryMessage[] => [
        { role: 'user', text },
        { role: 'assistant', text: 'An answer.' },
      ]),
      input: {},
      findings: this.findings,
      toolResults: this.records,
      context: this.context.child('supervisor').child(agent),
      attempt: 1,
      signal: new AbortController().signal,
      think: (reasoning) => void this.thoughts.push(reasoning),
      converse: (conversation) => this.converse(conversation, this.writer(agent, conversations++), callTool),
      callTool,
      delegate: (): Promise<DelegateOutcome> => Promise.reject(new Error('agents of the pipeline delegate nothing')),
      streamText: (text) => void (this.streamed += text),
      resetText: () => void (this.streamed = ''),
    };
  }

  private async converse(
    { plan, input, onText }: Conversation,
    written: string | undefined,
    callTool: (tool: string, parameters: JsonObject) => Promise<ToolRecord>,
  ): Promise<ConversationOutcome> {
    const calls: ToolRecord[] = [];
    const scripted: Plan = written === undefined ? plan : () => ({ reasoning: 'As scripted.', text: written });
    for (;;) {
      const view: PlannedResult[] = calls.map(({ tool, parameters, success, result }) => ({
        tool,
        parameters,
        success,
        ...(result === undefined ? {} : { result }),
      }));
      const step = scripted({ input: JSON.parse(JSON.stringify(input)) as JsonObject, calls: view });
      this.thoughts.push(step.reasoning);
      if ('text' in step) {
        for (const piece of step.text.match(/[\s\S]{1,7}/g) ?? []) onText?.(piece);
        return { text: step.text, toolCalls: calls, degraded: false };
      }
      for (const { tool, parameters } of step.calls) calls.push(await callTool(tool, parameters));
    }
  }
}
