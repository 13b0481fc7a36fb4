import type { ActionStep, MissingField, Opportunity, TriageFinding } from '../agents/findings.js';
import type { JsonObject } from '../../context/json.js';
import type { Chart } from './charts/chart.js';
import { cite } from './grounding.js';
import type { RunFacts } from './run-facts.js';

/** Everything a report is written from: the run's facts and what the agents found. */
export interface ReportData {
  readonly question: string;
  readonly triage: TriageFinding;
  readonly facts: RunFacts;
  readonly opportunities: readonly Opportunity[];
  readonly steps: readonly ActionStep[];
  readonly missing: readonly MissingField[];
  /** When the question was asked. */
  readonly askedAt?: Date;
}

/** A part of the report: Markdown without its heading, every number as a citation. */
export interface Section {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Shown under the text, whoever wrote that; their alternative texts cite facts like any other text. */
  readonly charts?: readonly Chart[];
}

/** A citation of a fact of a tool's latest call; undefined when there is no such fact. */
export function citation(data: ReportData, tool: string, path: string): string | undefined {
  const fact = data.facts.fact(tool, path);
  return fact === undefined ? undefined : cite(fact.id);
}

export const rowsOf = (data: ReportData, tool: string): readonly JsonObject[] => data.facts.report(tool)?.rows ?? [];

/** A text field of a tool's row. */
export const textOf = (row: JsonObject, key: string): string | undefined =>
  typeof row[key] === 'string' ? row[key] : undefined;

/** A citation of the fact whose id stands in a tool's row. */
export function citationIn(row: JsonObject, key: string): string | undefined {
  const id = textOf(row, key);
  return id === undefined ? undefined : cite(id);
}

/** Paragraphs with an empty line between them; absent ones are left out. */
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('\n\n');

export const onOneDay = ({ facts }: ReportData): boolean =>
  facts.fact('data_quality', 'first_day')?.value === facts.fact('data_quality', 'last_day')?.value;

/** "1 day", "2 days": for sentences in events; reports cite facts instead. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
