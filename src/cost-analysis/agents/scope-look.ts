import type { AgentTask } from '../../agents/agent-task.js';
import type { JsonObject } from '../../context/json.js';
import type { PlannedCall } from '../../models/plan.js';
import { RunFacts } from '../reports/run-facts.js';
import { askedHorizon } from './asked-horizon.js';
import { askedTime, datesIn, stepBefore, unitBefore, type AskedPeriod, type AskedTime } from './asked-period.js';
import { askedScope, namesCall, type AskedScope } from './asked-scope.js';
import { dayOfMoment } from '../tools/time-zone.js';
import { DIMENSIONS } from '../tools/usage-scope.js';
import { dayAfter, daysAfter, type DayRange } from './calendar.js';
import { scopeOf } from './findings.js';
import type { FoundChange } from './found-change.js';
import type { Intent } from './intent-words.table.js';
import type { Question } from './question.js';
import { spelledRight } from './spelling.js';

/** What the analysis is limited to, and what of the question could not be followed. */
export type LookedAtScope = AskedScope & {
  readonly intent: Intent;
  readonly entities: Question['entities'];
  readonly period_words?: string;
  /** What the period is held against; without `to`, as long as the period turns out to be. */
  readonly compare?: { readonly from: string; readonly to?: string };
  /** The days that a look ahead is about. */
  readonly horizon?: DayRange;
  readonly nothing_in_scope?: true;
};

const NOTHING_ASKED = { where: {}, named: {}, unknown: [] };
/** So fresh is data from which "today" can be counted as the asker counts it. */
const FRESH_DAYS = 2;

/**
 * Finds out with the data what the question limits the analysis to, and looks at the data within it: afterwards the latest data_quality is that of
 * the scope. Where nothing lies in it, everything is analysed, and the answer says so.
 */
export async function lookAtScope(task: AgentTask, question: Question, change?: FoundChange): Promise<LookedAtScope> {
  const before = new RunFacts(task.toolResults);
  const { entities } = question;
  const rows = before.fact('data_quality', 'rows')?.value ?? '0';
  const isAsked = question.intent !== 'unrelated' || question.perhaps !== undefined;
  if (!isAsked || rows === '0') return { intent: question.intent, entities, ...NOTHING_ASKED };
  if (change !== undefined) return atChange(task, question, change);
  const texts = [question.asked ?? task.query, ...question.continues];
  const named = await namedIn(task, question, texts);
  const intent = intentWith(question, named);
  if (intent === 'unrelated') return { intent, entities, ...NOTHING_ASKED };
  const lastDay = before.fact('data_quality', 'last_day')?.value;
  const time: Timed = lastDay === undefined ? { entities } : timed(task, { ...question, intent }, { texts, lastDay });
  // Two periods of one question are held against each other, whatever it calls that.
  const limited = {
    ...named,
    intent: intent === 'total' && time.compare !== undefined ? 'comparison' : intent,
    ...time,
  } as const;
  const scope = scopeOf({
    entities: { ...limited.entities, models: [], dimensions: [] },
    where: named.where,
    time_zone: task.context.preferences.timeZone,
  });
  if (Object.keys(scope).every((name) => name === 'time_zone')) return limited;
  const within = await callOnce(task, { tool: 'data_quality', parameters: scope });
  if (within.fact('data_quality', 'rows')?.value !== '0') return limited;
  await task.callTool('data_quality', wholeScope(task));
  return {
    intent,
    entities: withoutPeriod(limited.entities),
    ...NOTHING_ASKED,
    unknown: named.unknown,
    nothing_in_scope: true,
  };
}

/** What is to be done about a change is looked for where it took place. */
async function atChange(
  task: AgentTask,
  { intent, entities }: Question,
  { from, to, where }: FoundChange,
): Promise<LookedAtScope> {
  const limited = { ...NOTHING_ASKED, intent, where, entities: { ...entities, models: [], dimensions: [], from, to } };
  await callOnce(task, {
    tool: 'data_quality',
    parameters: scopeOf({ ...limited, time_zone: task.context.preferences.timeZone }),
  });
  return limited;
}

/** The parameters of a look at everything. */
export const wholeScope = ({ context }: Pick<AgentTask, 'context'>): JsonObject =>
  scopeOf({ entities: { models: [], dimensions: [] }, where: {}, time_zone: context.preferences.timeZone });

/** A question whose words are names in the data is about costs; several names of a kind are held against each other. */
function intentWith({ intent, perhaps }: Question, { where, named }: AskedScope): Intent {
  const isNamed = Object.keys(where).length + Object.keys(named).length > 0;
  const asked = intent === 'unrelated' && isNamed ? (perhaps ?? 'unrelated') : intent;
  const compares = asked === 'total' || asked === 'overview' || asked === 'breakdown';
  return compares && Object.keys(named).length > 0 ? 'comparison' : asked;
}

/** Names of the latest question first: an earlier one limits only what the later ones leave open. */
async function namedIn(task: AgentTask, question: Question, texts: readonly string[]): Promise<AskedScope> {
  const intent = question.intent === 'unrelated' ? (question.perhaps ?? 'total') : question.intent;
  const asked = { ...question, intent };
  const call = namesCall(texts.join('. '), asked);
  if (call === undefined) return NOTHING_ASKED;
  const names = await callOnce(task, call);
  const [own = NOTHING_ASKED, ...earlier] = texts.map((text, at) =>
    // Models are those of the whole question: they are looked up once.
    askedScope(text, at === 0 ? asked : { ...asked, entities: { ...asked.entities, models: [] } }, names),
  );
  const where = Object.assign({}, ...[...earlier].reverse().map((one) => one.where), own.where) as AskedScope['where'];
  const pairs = intent === 'comparison' ? heldAgainst(own, earlier) : {};
  const several = { ...own.named, ...pairs };
  const named =
    Object.keys(several).length > 0 ? several : (earlier.find((one) => Object.keys(one.named).length > 0)?.named ?? {});
  return {
    where: Object.fromEntries(Object.entries(where).filter(([dimension]) => !(dimension in named))),
    named,
    unknown: own.unknown,
  };
}

/** "Compare that with support": a name of an earlier question and one of this, of the same kind. */
function heldAgainst({ where }: AskedScope, earlier: readonly AskedScope[]): AskedScope['named'] {
  const pairs = DIMENSIONS.flatMap((dimension) => {
    const [own, before] = [
      where[dimension],
      earlier.find((one) => one.where[dimension] !== undefined)?.where[dimension],
    ];
    return own === undefined || before === undefined || own === before ? [] : [[dimension, [before, own]] as const];
  });
  return Object.fromEntries(pairs);
}

const LOOKS_AHEAD: ReadonlySet<Intent> = new Set<Intent>(['forecast', 'budget']);
/** A period of these is held against the one before, unless the question says against which. */
const COMPARES: ReadonlySet<Intent> = new Set<Intent>(['change', 'trend']);

interface Texts {
  /** The latest first. */
  readonly texts: readonly string[];
  readonly lastDay: string;
}

type Timed = Pick<LookedAtScope, 'entities' | 'period_words' | 'compare' | 'horizon'>;

/** The days that a question is about, in its own words or in those of the questions before it. */
function timed(task: AgentTask, { intent, entities }: Question, { texts, lastDay }: Texts): Timed {
  const anchor = anchorDay(task, lastDay);
  const rights = texts.map(spelledRight);
  if (LOOKS_AHEAD.has(intent)) {
    const horizon = rights.map((text) => askedHorizon(text, lastDay)).find((found) => found !== undefined);
    return { entities: withoutPeriod(entities), ...(horizon === undefined ? {} : { horizon }) };
  }
  const { period, compare } = intent === 'comparison' ? timesHeld(rights, anchor) : timeOf(rights, anchor);
  const read = period ?? (entities.from === undefined && entities.to === undefined ? undefined : entities);
  if (read === undefined) return { entities };
  const days = closed({ from: read.from, to: read.to }, lastDay);
  const words = period?.isRelative === true && anchor === lastDay ? period.words : undefined;
  const isWhole = days.to === undefined || days.to <= dayAfter(lastDay);
  const asked = compare === undefined || isWhole ? compare : { from: compare.from };
  const against = asked ?? (COMPARES.has(intent) ? usualComparison(days, isWhole) : undefined);
  return {
    entities: { ...withoutPeriod(entities), ...days },
    ...(words === undefined ? {} : { period_words: words }),
    ...(against === undefined ? {} : { compare: against }),
  };
}

/** "Today" is the asker's where the data is fresh; where it ended long ago, time is counted from its end, and the answer says so. */
function anchorDay({ context }: AgentTask, lastDay: string): string {
  const today = dayOfMoment(context.createdAt, context.preferences.timeZone);
  return lastDay < today && today <= daysAfter(lastDay, FRESH_DAYS) ? today : lastDay;
}

/** "Difference?" after two months: they are held against each other. */
function timesHeld(texts: readonly string[], anchor: string): AskedTime {
  const own = timeOf(texts, anchor);
  if (own.compare !== undefined) return own;
  const [first, second] = texts.flatMap((text) => {
    const { period } = askedTime(text, anchor);
    return period?.from === undefined || period.to === undefined
      ? []
      : [{ ...period, from: period.from, to: period.to }];
  });
  if (first === undefined || second === undefined || first.from === second.from) return own;
  const [later, earlier] = first.from > second.from ? [first, second] : [second, first];
  return { period: later, compare: { from: earlier.from, to: earlier.to } };
}

/** Dates win over words ("the last week, 2025-03-03 to 2025-03-09"), and a later question over an earlier one. */
function timeOf(texts: readonly string[], anchor: string): AskedTime {
  for (const [at, text] of texts.entries()) {
    const before = texts.slice(at + 1);
    const step = before
      .map((one) => stepBefore(text, askedTime(one, anchor).period ?? {}))
      .find((found) => found !== undefined);
    if (step !== undefined) return { period: { ...step, words: '', isRelative: false }, compare: undefined };
    const asked = askedTime(text, anchor);
    if (asked.period === undefined) continue;
    const dated = datesIn(text);
    return dated !== undefined && asked.period.isRelative && asked.compare === undefined
      ? { ...asked, period: { ...dated, words: '', isRelative: false } satisfies AskedPeriod }
      : asked;
  }
  return { period: undefined, compare: undefined };
}

/** A month, quarter or year is held against the one before; one that the data covers in part against as many days of it. */
function usualComparison({ from, to }: Partial<DayRange>, isWhole: boolean): LookedAtScope['compare'] {
  const unit = from === undefined || to === undefined ? undefined : unitBefore({ from, to });
  return unit === undefined || isWhole ? unit : { from: unit.from };
}

/** "Since" a day is until the data ends. A day after that limits to nothing, and stays so. */
const closed = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  lastDay: string,
): Partial<DayRange> => ({
  ...(from === undefined ? {} : { from }),
  ...(to !== undefined ? { to } : from === undefined || from > lastDay ? {} : { to: dayAfter(lastDay) }),
});

const withoutPeriod = (entities: Question['entities']): Question['entities'] => {
  const rest = { ...entities };
  delete rest.from;
  delete rest.to;
  return rest;
};

/** Makes a call that this agent has not made with these parameters; a run that was taken over has. */
async function callOnce(task: AgentTask, { tool, parameters }: PlannedCall): Promise<RunFacts> {
  const path = task.context.agentPath.join('/');
  const same = (made: JsonObject): boolean => JSON.stringify(made) === JSON.stringify(parameters);
  const made = task.toolResults.find((one) => one.tool === tool && one.agentPath === path && same(one.parameters));
  return new RunFacts([made ?? (await task.callTool(tool, parameters))]);
}
