import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { Fact } from '../tools/fact.js';
import { chartNumberOf } from './charts/chart-image.js';
import { escapeHtml } from './escape-html.js';
import { figuresAppendix } from './report-appendix.js';

/** The policy under which a report's page is served: nothing but its own inline style. */
export const REPORT_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}' +
  'th,td{border-bottom:1px solid #ccc;padding:.3rem .8rem;text-align:left}.n{text-align:right}pre{background:#f4f4f4;padding:.8rem;overflow:auto}' +
  'figure{margin:1rem 0;break-inside:avoid}figure svg{max-width:100%;height:auto}h2{break-after:avoid}tr{break-inside:avoid}' +
  '.figures{font-size:.8rem;overflow-wrap:anywhere}.figures td{vertical-align:top}' +
  '@media print{.figures{font-size:8pt}body{margin:0;max-width:none;font-size:11pt}}';

interface ReportText {
  readonly title: string;
  readonly markdown: string;
  readonly facts?: readonly Fact[];
  readonly currency?: CurrencyDisplay;
}

/**
 * A report's Markdown (the subset that reports use: headings, paragraphs, lists, tables, code, bold, its own charts) as a page.
 * Everything else is escaped. `pictures` are the charts as SVG, in their order; `facts`, those that it cites, are listed at the end.
 */
export function reportPage(
  { title, markdown, facts = [], currency }: ReportText,
  pictures: readonly string[] = [],
): string {
  const body = blocks(markdown)
    .map((block) => figureHtml(block, pictures) ?? blockHtml(block))
    .join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>\n<body>\n${body}\n${figuresAppendix(facts, currency)}\n</body></html>\n`;
}

const blocks = (markdown: string): string[] => markdown.split(/\n{2,}/).filter((block) => block.trim() !== '');

/** The picture itself, so that the page can be kept and printed by itself. */
function figureHtml(block: string, pictures: readonly string[]): string | undefined {
  const number = chartNumberOf(block);
  const picture = number === undefined ? undefined : pictures[number - 1];
  return picture === undefined ? undefined : `<figure>${picture}</figure>`;
}

function blockHtml(block: string): string {
  const lines = block.split('\n');
  const [first = ''] = lines;
  const heading = /^(#{1,3}) (.*)$/.exec(first);
  if (heading !== null) {
    const level = heading[1]?.length ?? 1;
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>`;
  }
  if (first.startsWith('```'))
    return `<pre><code>${escapeHtml(lines.filter((line) => !line.startsWith('```')).join('\n'))}</code></pre>`;
  if (first.startsWith('| ')) return tableHtml(lines);
  if (/^- /.test(first))
    return `<ul>${lines.map((line) => `<li>${inline(line.replace(/^- /, ''))}</li>`).join('')}</ul>`;
  if (/^\d+\. /.test(first))
    return `<ol>${lines.map((line) => `<li>${inline(line.replace(/^\d+\. /, ''))}</li>`).join('')}</ol>`;
  return `<p>${lines.map(inline).join('<br>')}</p>`;
}

function tableHtml([head = '', , ...rows]: readonly string[]): string {
  const cells = (line: string, tag: 'th' | 'td'): string =>
    line
      .replace(/^\| | \|$/g, '')
      .split(/(?<!\\) \| /)
      .map((cell) => `<${tag}${/^-?(?:USD )?[$\d][\d.,]*%?$/.test(cell) ? ' class="n"' : ''}>${inline(cell)}</${tag}>`)
      .join('');
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table>`;
}

/** Escaped first; only then are the marks of bold, emphasis and code made into elements. Backslash escapes lose their backslash. */
const inline = (text: string): string =>
  escapeHtml(text.replace(/&lt;/g, '<').replace(/&gt;/g, '>'))
    .replace(/(?<!\\)`([^`]*)`/g, '<code>$1</code>')
    .replace(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/g, '<strong>$1</strong>')
    .replace(/(?<![\\*])\*([^*]+?)(?<!\\)\*/g, '<em>$1</em>')
    .replace(/\\([\\`*[\]|])/g, '$1');
