import type { CurrencyDisplay } from '../../context/user-preferences.js';
import { findViolations, renderFacts, type Grounds } from './grounding.js';

/**
 * A text that a model (or the planner) wrote, with its facts put in; `computed`, from the tools alone, in its place when the text is empty
 * or says something that no fact stands behind.
 */
export function citedText(
  text: string,
  computed: string,
  { grounds, currency }: { grounds: Grounds; currency: CurrencyDisplay },
): string {
  const written = text.trim();
  const grounded = written !== '' && written !== computed && findViolations(written, grounds).length === 0;
  return renderFacts(grounded ? written : computed, grounds.facts, currency);
}
