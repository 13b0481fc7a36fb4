import { parseArgs } from 'node:util';

export interface EvalOptions {
  /** Write docs/eval.md. */
  readonly write: boolean;
  /** Data sets with this in their name, in lower case; all of them when empty. */
  readonly only: string;
}

/** `--write --only azure` */
export function readEvalOptions(parameters: readonly string[]): EvalOptions {
  const { values } = parseArgs({
    args: [...parameters],
    options: { write: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  });
  const only = values.only.toLowerCase();
  if (values.write && only !== '') throw new Error('--write needs all data sets: leave --only out.');
  return { write: values.write, only };
}
