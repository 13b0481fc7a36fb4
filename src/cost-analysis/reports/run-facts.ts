import type { JsonObject } from '../../context/json.js';
import type { ToolRecord } from '../../tools/tool-call.js';
import { readToolReport, type Fact, type ToolReport } from '../tools/fact.js';
import type { Grounds } from './grounding.js';
import { plainText } from './plain-text.js';

/** Tool results of a run, read once: the latest report of each tool, and all facts by id. */
export class RunFacts implements Grounds {
  private readonly reports: ToolReport[] = [];
  private byId: ReadonlyMap<string, Fact> | undefined;
  private found: readonly string[] | undefined;
  private readonly latest = new Map<string, { report: ToolReport; result: JsonObject }>();

  constructor(records: readonly Pick<ToolRecord, 'tool' | 'success' | 'result'>[]) {
    for (const { tool, success, result } of records) {
      const report = success && result !== undefined ? reportOf(result) : undefined;
      if (report === undefined || result === undefined) continue;
      this.reports.push(report);
      this.latest.set(tool, { report, result });
    }
  }

  get facts(): ReadonlyMap<string, Fact> {
    return (this.byId ??= new Map(this.reports.flatMap(({ facts }) => facts.map((fact) => [fact.id, fact]))));
  }

  /** Looked for when a text that a model wrote is verified; the other parts are read by each agent of a run. */
  get names(): readonly string[] {
    return (this.found ??= [...new Set(this.reports.flatMap(namesIn))]);
  }

  report(tool: string): ToolReport | undefined {
    return this.latest.get(tool)?.report;
  }

  /** The whole result of a tool's latest call, with what it carries beside the report. */
  result(tool: string): JsonObject | undefined {
    return this.latest.get(tool)?.result;
  }

  /** A fact of a tool's latest call by its path, e.g. `total` of cost_breakdown. */
  fact(tool: string, path: string): Fact | undefined {
    const report = this.report(tool);
    return report === undefined ? undefined : this.facts.get(`${report.scope}.${path}`);
  }
}

/** Every agent of a run reads the results of those before it; a result never changes. */
const readings = new WeakMap<JsonObject, ToolReport | 'no report'>();

function reportOf(result: JsonObject): ToolReport | undefined {
  const known = readings.get(result) ?? readToolReport(result) ?? 'no report';
  readings.set(result, known);
  return known === 'no report' ? undefined : known;
}

function namesIn({ rows }: ToolReport): string[] {
  const names = rows.flatMap((row) => Object.values(row).filter(isName));
  return names.flatMap((name) => [name, plainText(name)]);
}

const NAME_LENGTH_MAX = 80;
const NAME_WORDS_MAX = 12;

/**
 * A name is a short text with a letter and no amount in it. Tags come from outside: one that reads "costs $5" would otherwise
 * license a number that no tool computed.
 */
const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= NAME_LENGTH_MAX &&
  /\p{L}/u.test(value) &&
  !/[$€£%{}]|\b(usd|eur|dollars?|percent)\b/iu.test(value) &&
  value.split(/\s+/).length <= NAME_WORDS_MAX;
