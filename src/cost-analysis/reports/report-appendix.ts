import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { Fact } from '../tools/fact.js';
import { escapeHtml } from './escape-html.js';
import { formatFact } from './format-fact.js';

/** Every figure that a report cites, with how it was made: its formula, and the fields or figures that went into it. As HTML, for a page. */
export function figuresAppendix(facts: readonly Fact[], currency?: CurrencyDisplay): string {
  if (facts.length === 0) return '';
  const rows = facts.map((fact) => `<tr>${cells(fact, currency)}</tr>`).join('\n');
  return (
    `<h2>${TITLE}</h2>\n` +
    '<table class="figures"><thead><tr>' +
    `${COLUMNS.map((column) => `<th>${column}</th>`).join('')}</tr></thead>\n` +
    `<tbody>${rows}</tbody></table>`
  );
}

/** The same as a Markdown table, for who reads the report as text. */
export function figuresAppendixMarkdown(facts: readonly Fact[], currency?: CurrencyDisplay): string {
  if (facts.length === 0) return '';
  const rows = facts.map((fact) => `| ${[formatFact(fact, currency), ...origin(fact).map(cellText)].join(' | ')} |`);
  return [`## ${TITLE}`, '', `| ${COLUMNS.join(' | ')} |`, '| ---: | --- | --- | --- | --- |', ...rows].join('\n');
}

const cellText = (text: string): string => text.replace(/([\\`*|[\]])/g, '\\$1').replace(/</g, '&lt;');

const TITLE = 'Appendix: how each figure was made';
const COLUMNS = ['Figure', 'Name', 'Formula', 'Made of', 'Data up to'];

const origin = ({ id, formula, inputs, as_of: asOf }: Fact): string[] => [
  id,
  formula,
  inputs.join(', '),
  asOf === null ? '' : asOf.slice(0, 'YYYY-MM-DD'.length),
];

function cells(fact: Fact, currency?: CurrencyDisplay): string {
  return `<td class="n">${escapeHtml(formatFact(fact, currency))}</td>${origin(fact)
    .map((text) => `<td>${escapeHtml(text)}</td>`)
    .join('')}`;
}
