import { dayOfMoment } from '../tools/time-zone.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { askedPeriods } from './asked-period.js';
import { namesCall } from './asked-scope.js';
import type { TriageFinding } from './findings.js';
import { POINTS_AT_STEP } from './intent-words.table.js';
import type { Question } from './question.js';
import { spelledRight } from './spelling.js';

type Asked = Pick<AgentTask, 'query'> & { readonly context: Pick<AgentTask['context'], 'createdAt' | 'preferences'> };

/** How far recommendations that were found earlier in the thread answer a question: all of them, only those about everything, or none. */
export type Reuse = 'any' | 'of_everything' | 'none';

/** What to do is asked of what was found already, unless the question, or one that it goes on from, limits itself to something. */
export function reuseFor({ query, context }: Asked, question: Question): Reuse {
  const today = dayOfMoment(context.createdAt, context.preferences.timeZone);
  const limits = (text: string): boolean => isLimited(text, question, today);
  if (question.intent !== 'advice' || question.entities.budget !== undefined || limits(query)) return 'none';
  // A step is one of those that were shown, whatever they are about.
  if ([query, ...question.continues].some((text) => POINTS_AT_STEP.test(text))) return 'any';
  return question.continues.some(limits) ? 'none' : 'of_everything';
}

/** Whether a text limits itself to names in the data, or to some days. */
export const isLimited = (text: string, question: Question, today: string): boolean =>
  namesCall(text, question) !== undefined || askedPeriods(spelledRight(text), today).length > 0;

/** Whether what a run found is about all usage, on all days and all models. */
export const isOfEverything = ({ where, entities }: Pick<TriageFinding, 'where' | 'entities'>): boolean =>
  Object.keys(where).length === 0 &&
  [entities.from, entities.to, entities.from_model, entities.to_model].every((limit) => limit === undefined);
