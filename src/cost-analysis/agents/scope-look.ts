import type { AgentTask } from '../../agents/agent-task.js';
import type { JsonObject } from '../../context/json.js';
import type { PlannedCall } from '../../models/plan.js';
import { RunFacts } from '../reports/run-facts.js';
import { relativePeriod } from './asked-period.js';
import { askedScope, namesCall, type AskedScope } from './asked-scope.js';
import { scopeOf } from './findings.js';
import type { Question } from './question.js';

/** What the analysis is limited to, and what of the question could not be followed. */
export type LookedAtScope = AskedScope & {
  readonly entities: Question['entities'];
  readonly period_words?: string;
  readonly nothing_in_scope?: true;
};

/**
 * Finds out with the data what the question limits the analysis to, and looks at the data within it: afterwards the latest data_quality is that of
 * the scope. Where nothing lies in it, everything is analysed, and the answer says so.
 */
export async function lookAtScope(task: AgentTask, question: Question): Promise<LookedAtScope> {
  const before = new RunFacts(task.toolResults);
  const rows = before.fact('data_quality', 'rows')?.value ?? '0';
  if (question.intent === 'unrelated' || rows === '0') return { entities: question.entities, where: {}, unknown: [] };
  const asked = await namedIn(task, question);
  const lastDay = before.fact('data_quality', 'last_day')?.value;
  const { entities, period_words } = withPeriod(task.query, question, lastDay);
  const scope = scopeOf({ entities: { ...entities, models: [], dimensions: [] }, where: asked.where });
  const limited = { entities, ...asked, ...(period_words === undefined ? {} : { period_words }) };
  if (Object.keys(scope).length === 0) return limited;
  const within = await callOnce(task, { tool: 'data_quality', parameters: scope });
  if (within.fact('data_quality', 'rows')?.value !== '0') return limited;
  await task.callTool('data_quality', {});
  return { entities: withoutPeriod(entities), where: {}, unknown: asked.unknown, nothing_in_scope: true };
}

const withoutPeriod = ({ models, dimensions, budget, from_model, to_model }: Question['entities']) => ({
  models,
  dimensions,
  ...(budget === undefined ? {} : { budget }),
  ...(from_model === undefined ? {} : { from_model }),
  ...(to_model === undefined ? {} : { to_model }),
});

async function namedIn(task: AgentTask, question: Question): Promise<AskedScope> {
  const call = namesCall(task.query, question);
  return call === undefined ? { where: {}, unknown: [] } : askedScope(task.query, question, await callOnce(task, call));
}

/** Dates win over words: "the last week, 2025-03-03 to 2025-03-09". */
function withPeriod(text: string, { entities }: Question, lastDay: string | undefined) {
  const isDated = entities.from !== undefined || entities.to !== undefined;
  const relative = isDated || lastDay === undefined ? undefined : relativePeriod(text, lastDay);
  if (relative === undefined) return { entities };
  const { words, from, to } = relative;
  return { entities: { ...entities, from, to }, period_words: words };
}

/** Makes a call that this agent has not made with these parameters; a run that was taken over has. */
async function callOnce(task: AgentTask, { tool, parameters }: PlannedCall): Promise<RunFacts> {
  const path = task.context.agentPath.join('/');
  const same = (made: JsonObject): boolean => JSON.stringify(made) === JSON.stringify(parameters);
  const made = task.toolResults.find((one) => one.tool === tool && one.agentPath === path && same(one.parameters));
  return new RunFacts([made ?? (await task.callTool(tool, parameters))]);
}
