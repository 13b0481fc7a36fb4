import { z } from 'zod';
import type { AgentTask } from '../../agents/agent-task.js';
import { isJsonObject, type JsonObject } from '../../context/json.js';
import { SUFFICIENCIES } from '../tools/sufficiency.js';
import { CONFIDENCES } from '../tools/savings/confidence.js';
import { SAVING_KINDS } from '../tools/savings/saving.js';
import { DIMENSIONS } from '../tools/usage-scope.js';
import { given } from './calls-then-text.js';
import { BEYONDS } from './beyond.js';
import { COURTESIES } from './courtesy.js';
import { INTENTS } from './intent-words.table.js';
import { GRAINS } from './question.js';
import { SAVING_TOPICS } from './saving-topics.js';

/** What triage hands to the agents after it. Where triage failed, everything has a neutral value. */
const triageSchema = z.object({
  intent: z.enum(INTENTS).catch('overview'),
  entities: z
    .object({
      models: z.array(z.string()).catch([]),
      dimensions: z.array(z.enum(DIMENSIONS)).catch([]),
      from: z.string().optional().catch(undefined),
      to: z.string().optional().catch(undefined),
      budget: z.string().optional().catch(undefined),
      from_model: z.string().optional().catch(undefined),
      to_model: z.string().optional().catch(undefined),
      grain: z.enum(GRAINS).optional().catch(undefined),
    })
    .catch({ models: [], dimensions: [] }),
  /** Single ways to save that the question asks about. */
  topics: z.array(z.enum(SAVING_TOPICS)).catch([]),
  sufficiency: z.enum(SUFFICIENCIES).catch('partial'),
  /** Days with usage; null when the data could not be looked at. */
  days: z.number().nullable().catch(null),
  /** Number of rows and spend as text, formatted; no spend where no row has a price. */
  rows: z.string().catch(''),
  spend: z.string().catch(''),
  missing: z.array(z.string()).catch([]),
  sources: z.array(z.string()).catch([]),
  /** What the analysis is limited to, in the names of the data; from and to stand in `entities`. */
  where: z.partialRecord(z.enum(DIMENSIONS), z.string()).catch({}),
  /** Names of one kind that are held against each other, or whose share is asked for. */
  named: z.partialRecord(z.enum(DIMENSIONS), z.array(z.string())).catch({}),
  /** The zone whose days are meant. */
  time_zone: z.string().catch('UTC'),
  /** Values that the question names and the data does not have. */
  unknown: z
    .array(z.object({ dimension: z.enum(DIMENSIONS).optional(), value: z.string(), known: z.array(z.string()) }))
    .catch([]),
  /** The words of a period that was counted from the end of the data. */
  period_words: z.string().optional().catch(undefined),
  /** What the period is held against; without an end, as long as the period turns out to be. */
  compare: z.object({ from: z.string(), to: z.string().optional() }).optional().catch(undefined),
  /** The call that explains the change that something is to be done about. */
  about: z.custom<JsonObject>(isJsonObject).optional().catch(undefined),
  /** The days that a look ahead is about. */
  horizon: z.object({ from: z.string(), to: z.string() }).optional().catch(undefined),
  /** What recommendations of this run rest on. */
  basis: z.string().optional().catch(undefined),
  /** The run of this thread whose recommendations answer the question. */
  recommended_by: z.string().optional().catch(undefined),
  courtesy: z.enum(COURTESIES).optional().catch(undefined),
  beyond: z.enum(BEYONDS).optional().catch(undefined),
  /** The part of the message that is answered, and what it asks besides. */
  asked: z.string().optional().catch(undefined),
  also: z.array(z.string()).catch([]),
  scenario: z.literal('volume').optional().catch(undefined),
  length: z.enum(['detailed', 'brief']).optional().catch(undefined),
  /** There is no usage within what was asked for, so everything is analysed instead. */
  nothing_in_scope: z.boolean().catch(false),
});

export type TriageFinding = z.output<typeof triageSchema>;

/** Parameters that limit a tool to what the question asks for. */
export const scopeOf = (asked: Pick<TriageFinding, 'entities' | 'where' | 'time_zone'>): JsonObject => {
  const { entities, where, time_zone: zone } = asked;
  const limits = Object.keys(where).length === 0 ? undefined : where;
  return given({ from: entities.from, to: entities.to, where: limits, time_zone: zone === 'UTC' ? undefined : zone });
};

/** The same names, over all days. */
export const allDaysOf = ({ where, time_zone }: Pick<TriageFinding, 'where' | 'time_zone'>): JsonObject =>
  scopeOf({ entities: { models: [], dimensions: [] }, where, time_zone });

/** Every agent after triage reads what it found, some of them several times. */
const read = new WeakMap<JsonObject, TriageFinding>();

export function triageFinding({ findings: { triage = {} } }: Pick<AgentTask, 'findings'>): TriageFinding {
  const known = read.get(triage);
  if (known !== undefined) return known;
  const finding = triageSchema.parse(triage);
  read.set(triage, finding);
  return finding;
}

const opportunitySchema = z.object({
  key: z.string(),
  kind: z.enum(SAVING_KINDS),
  title: z.string(),
  /** Ids of the facts that bound the saving on the spend in the data, by itself. */
  low_fact: z.string(),
  high_fact: z.string(),
  /** The same on what the savings before it leave. */
  net_low_fact: z.string(),
  net_high_fact: z.string(),
  coverage_fact: z.string().nullable(),
  confidence: z.enum(CONFIDENCES),
  /** What its figures don't say. */
  caveats: z.array(z.string()).default([]),
  effort: z.enum(['low', 'medium', 'high']),
  owner: z.string(),
  verify: z.string(),
  undo: z.string(),
});

export type Opportunity = z.output<typeof opportunitySchema>;

const opportunitiesSchema = z.object({ opportunities: z.array(opportunitySchema) });

export const opportunitiesOf = (task: Pick<AgentTask, 'findings'>): Opportunity[] =>
  opportunitiesSchema.safeParse(task.findings['optimization']).data?.opportunities ?? [];

const stepSchema = z.object({
  step: z.string(),
  owner: z.string(),
  effort: z.enum(['low', 'medium', 'high']),
  saving_facts: z.object({ low: z.string(), high: z.string() }).nullable(),
  verify: z.string(),
  undo: z.string(),
});

export type ActionStep = z.output<typeof stepSchema>;

const actionsSchema = z.object({ steps: z.array(stepSchema) });

export const actionsOf = (task: Pick<AgentTask, 'findings'>): ActionStep[] =>
  actionsSchema.safeParse(task.findings['actions']).data?.steps ?? [];

const helperSchema = z.object({
  missing: z.array(z.object({ field: z.string(), enables: z.string(), how: z.string() })),
});

export type MissingField = z.output<typeof helperSchema>['missing'][number];

export const missingFieldsOf = (task: Pick<AgentTask, 'findings'>): MissingField[] =>
  helperSchema.safeParse(task.findings['data_helper']).data?.missing ?? [];
