import { parseArgs } from 'node:util';

export interface EvalOptions {
  /** Write docs/eval.md. */
  readonly write: boolean;
}

/** `--write` */
export function readEvalOptions(parameters: readonly string[]): EvalOptions {
  const { values } = parseArgs({ args: [...parameters], options: { write: { type: 'boolean', default: false } } });
  return values;
}
