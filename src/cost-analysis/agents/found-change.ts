import { isJsonObject, type JsonObject } from '../../context/json.js';
import { RunFacts } from '../reports/run-facts.js';
import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';

/** A call of explain_change, and what came of it. */
export interface ExplainedChange {
  readonly parameters: JsonObject;
  readonly result: JsonObject;
}

/** The days of a change, and what most of it was about, in the names of the data. */
export interface FoundChange {
  readonly from: string;
  readonly to: string;
  readonly where: Partial<Record<Dimension, string>>;
}

/** The part of a change from which one piece of work counts as what drove it. */
const DRIVER_SHARE_MIN = 0.5;

/** Undefined for a call that names no days. */
export function foundChange({ parameters, result }: ExplainedChange): FoundChange | undefined {
  const { from, to, where } = parameters;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const facts = new RunFacts([{ tool: 'explain_change', success: true, result }]);
  return { from, to, where: { ...namesIn(where), ...namesIn(driver(facts)) } };
}

/** The piece of work that moved most, if that is the better part of the whole change. */
function driver(facts: RunFacts): JsonObject | undefined {
  const change = Number(facts.fact('explain_change', 'change')?.value ?? '0');
  const share = (row: JsonObject): number => (change === 0 ? 0 : Number(row['change_usd']) / change);
  const [largest] = (facts.report('explain_change')?.rows ?? [])
    .filter((row) => row['row'] === 'segment' && share(row) >= DRIVER_SHARE_MIN)
    .sort((a, b) => share(b) - share(a));
  return largest;
}

const namesIn = (held: JsonObject[string] | undefined): FoundChange['where'] =>
  Object.fromEntries(
    DIMENSIONS.flatMap((dimension) => {
      const name = isJsonObject(held) ? held[dimension] : undefined;
      return typeof name === 'string' ? [[dimension, name]] : [];
    }),
  );
