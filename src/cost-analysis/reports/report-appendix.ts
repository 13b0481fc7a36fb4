import type { Fact } from '../tools/fact.js';
import { escapeHtml } from './escape-html.js';
import { formatFact } from './format-fact.js';

/** Every figure that a report cites, with how it was made: its formula, and the fields or figures that went into it. As HTML, for a page. */
export function figuresAppendix(facts: readonly Fact[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map((fact) => `<tr>${cells(fact)}</tr>`).join('\n');
  return (
    '<h2>Appendix: how each figure was made</h2>\n' +
    '<table class="figures"><thead><tr><th>Figure</th><th>Name</th><th>Formula</th><th>Made of</th><th>Data up to</th></tr></thead>\n' +
    `<tbody>${rows}</tbody></table>`
  );
}

function cells(fact: Fact): string {
  const { id, formula, inputs, as_of: asOf } = fact;
  const texts = [id, formula, inputs.join(', '), asOf === null ? '' : asOf.slice(0, 'YYYY-MM-DD'.length)];
  return `<td class="n">${escapeHtml(formatFact(fact))}</td>${texts.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}`;
}
