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
      const report = success ? readToolReport(result) : undefined;
      if (report === undefined || result === undefined) continue;
      this.latest.set(tool, { report, result });
      for (const fact of report.facts) this.facts.set(fact.id, fact);
      for (const row of report.rows)
        for (const value of Object.values(row)) if (isName(value)) names.add(value).add(plainText(value));
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
