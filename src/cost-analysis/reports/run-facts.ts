import type { JsonObject } from '../../context/json.js';
import type { ToolRecord } from '../../tools/tool-call.js';
import { readToolReport, type Fact, type ToolReport } from '../tools/fact.js';
import type { Grounds } from './grounding.js';
import { plainText } from './plain-text.js';

/** Tool results of a run, read once: the latest report of each tool, and all facts by id. */
export class RunFacts implements Grounds {
  readonly facts = new Map<string, Fact>();
  readonly names: readonly string[];
  private readonly latest = new Map<string, { report: ToolReport; result: JsonObject }>();

  constructor(records: readonly Pick<ToolRecord, 'tool' | 'success' | 'result'>[]) {
    const names = new Set<string>();
    for (const { tool, success, result } of records) {
      const reading = success && result !== undefined ? readingOf(result) : undefined;
      if (reading === undefined || result === undefined) continue;
      this.latest.set(tool, { report: reading.report, result });
      for (const fact of reading.report.facts) this.facts.set(fact.id, fact);
      for (const name of reading.names) names.add(name);
    }
    this.names = [...names];
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

interface Reading {
  readonly report: ToolReport;
  readonly names: readonly string[];
}

/** Every agent of a run reads the results of those before it; a result never changes. */
const readings = new WeakMap<JsonObject, Reading | 'no report'>();

function readingOf(result: JsonObject): Reading | undefined {
  const known = readings.get(result) ?? read(result) ?? 'no report';
  readings.set(result, known);
  return known === 'no report' ? undefined : known;
}

function read(result: JsonObject): Reading | undefined {
  const report = readToolReport(result);
  if (report === undefined) return undefined;
  const names = report.rows.flatMap((row) => Object.values(row).filter(isName));
  return { report, names: names.flatMap((name) => [name, plainText(name)]) };
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
