import type { Opportunity } from '../../agents/findings.js';
import type { Confidence } from '../../tools/savings/confidence.js';

const CONFIDENCE = {
  measured: 'measured (on the data itself)',
  derived: 'derived (computed from the data, if what is cut was not needed)',
  assumption: 'assumption (about what can be moved, kept or put off; it needs a test)',
} as const satisfies Record<Confidence, string>;

interface SavingTerms extends Pick<Opportunity, 'confidence' | 'effort' | 'verify'> {
  /** A citation; undefined where it stands elsewhere, or nobody knows. */
  readonly coverage?: string | undefined;
}

/** What stands behind a saving beside its range: "Confidence: … Effort: … It covers … of spend. To verify: …" */
export const savingTerms = ({ confidence, effort, coverage, verify }: SavingTerms): string =>
  `Confidence: ${CONFIDENCE[confidence]}. Effort: ${effort}.` +
  `${coverage === undefined ? '' : ` It covers ${coverage} of spend.`} To verify: ${verify}.`;
