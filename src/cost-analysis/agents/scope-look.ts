import type { AgentTask } from '../../agents/agent-task.js';
import type { JsonObject } from '../../context/json.js';
import type { PlannedCall } from '../../models/plan.js';
import { RunFacts } from '../reports/run-facts.js';
import { datesIn, dayAfter, relativePeriod } from './asked-period.js';
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
  const texts = [task.query, ...question.continues];
  const asked = await namedIn(task, question, texts);
  const lastDay = before.fact('data_quality', 'last_day')?.value;
  const { entities: asWritten, period_words } = withPeriod(texts, question, lastDay);
  const entities = closed(asWritten, lastDay);
  const scope = scopeOf({ entities: { ...entities, models: [], dimensions: [] }, where: asked.where });
  const limited = { entities, ...asked, ...(period_words === undefined ? {} : { period_words }) };
  if (Object.keys(scope).length === 0) return limited;
  const within = await callOnce(task, { tool: 'data_quality', parameters: scope });
  if (within.fact('data_quality', 'rows')?.value !== '0') return limited;
  await task.callTool('data_quality', {});
  return { entities: withoutPeriod(entities), where: {}, unknown: asked.unknown, nothing_in_scope: true };
}

/** "Since" a day is until the data ends. A day after that limits to nothing, and stays so. */
const closed = (entities: Question['entities'], lastDay: string | undefined): Question['entities'] =>
  entities.from === undefined || entities.to !== undefined || lastDay === undefined || entities.from > lastDay
    ? entities
    : { ...entities, to: dayAfter(lastDay) };

const withoutPeriod = ({ models, dimensions, budget, from_model, to_model }: Question['entities']) => ({
  models,
  dimensions,
  ...(budget === undefined ? {} : { budget }),
  ...(from_model === undefined ? {} : { from_model }),
  ...(to_model === undefined ? {} : { to_model }),
});

/** Names of the latest question first: an earlier one limits only what the later ones leave open. */
async function namedIn(task: AgentTask, question: Question, texts: readonly string[]): Promise<AskedScope> {
  const call = namesCall(texts.join('. '), question);
  if (call === undefined) return { where: {}, unknown: [] };
  const names = await callOnce(task, call);
  const [own, ...earlier] = texts.map((text) => askedScope(text, question, names));
  const where = Object.assign({}, ...[...earlier].reverse().map((one) => one.where), own?.where) as AskedScope['where'];
  return { where, unknown: own?.unknown ?? [] };
}

/** Dates win over words ("the last week, 2025-03-03 to 2025-03-09"), and a later question over an earlier one. */
function withPeriod(texts: readonly string[], { entities }: Question, lastDay: string | undefined) {
  const [own = '', ...earlier] = texts;
  if (datesIn(own) !== undefined) return { entities };
  for (const text of [own, ...earlier]) {
    const dated = datesIn(text);
    if (dated !== undefined) return { entities: { ...entities, ...dated } };
    const relative = lastDay === undefined ? undefined : relativePeriod(text, lastDay);
    if (relative === undefined) continue;
    const { words, from, to } = relative;
    return { entities: { ...entities, from, to }, period_words: words };
  }
  return { entities };
}

/** Makes a call that this agent has not made with these parameters; a run that was taken over has. */
async function callOnce(task: AgentTask, { tool, parameters }: PlannedCall): Promise<RunFacts> {
  const path = task.context.agentPath.join('/');
  const same = (made: JsonObject): boolean => JSON.stringify(made) === JSON.stringify(parameters);
  const made = task.toolResults.find((one) => one.tool === tool && one.agentPath === path && same(one.parameters));
  return new RunFacts([made ?? (await task.callTool(tool, parameters))]);
}
