import type { DataSet } from './data-set.js';
import type { EvalQuestion } from './eval-question.js';
import { judge } from './judge.js';
import type { Tenant } from './tenant.js';

/** A data set that was imported. */
export interface Loaded {
  readonly dataSet: DataSet;
  readonly tenant: Tenant;
}

export interface Verdict {
  readonly asks: string;
  /** Empty: it passed. */
  readonly faults: readonly string[];
}

export interface RoundResult {
  readonly round: string;
  readonly dataSet: string;
  readonly verdicts: readonly Verdict[];
}

/** What an answer has to be and must not be, whatever was asked. */
export interface Always {
  readonly says?: readonly RegExp[];
  readonly neverSays?: readonly RegExp[];
  /** Only where the question has no figure in it. */
  readonly neverSaysUnlessNumbered?: readonly RegExp[];
}

interface Round {
  readonly name: string;
  readonly url: string;
  readonly always: Always;
}

/** As many as one user may have running at once, and one less: nobody waits in line. */
const LANES = 2;

/** Asks every question of a data set and judges the answers. */
export async function playRound({ name, url, always }: Round, { dataSet, tenant }: Loaded): Promise<RoundResult> {
  const open = [...dataSet.questions.entries()];
  const verdicts: Verdict[] = [];
  const lane = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const [position, question] = next;
      const answer = await tenant.ask(
        url,
        question.after === undefined ? [question.asks] : [question.after, question.asks],
      );
      verdicts[position] = {
        asks: question.asks,
        faults: judge(withAlways(question, always), answer, dataSet.names),
      };
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { round: name, dataSet: dataSet.name, verdicts };
}

function withAlways(question: EvalQuestion, { says = [], neverSays = [], neverSaysUnlessNumbered = [] }: Always) {
  const unlessNumbered = /\p{N}/u.test(question.asks) ? [] : neverSaysUnlessNumbered;
  return {
    ...question,
    says: [...(question.says ?? []), ...says],
    neverSays: [...(question.neverSays ?? []), ...neverSays, ...unlessNumbered],
  };
}
