import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Fact } from '../tools/fact.js';
import { plainText } from './plain-text.js';
import { reportPage } from './report-html.js';

const fact = (changes: Partial<Fact>): Fact => ({
  id: 'cost_breakdown.total',
  value: '96.791325000',
  unit: 'usd',
  decimals: 2,
  formula: 'Σ cost',
  inputs: ['cost_computed'],
  as_of: '2023-11-16T19:14:08.402Z',
  ...changes,
});

/** What a page is made of, beside its pictures. */
const ELEMENTS = new Set(
  'html head meta title style body h1 h2 h3 p br ul ol li strong em code pre table thead tbody tr th td figure'.split(
    ' ',
  ),
);

describe('a report as a page', () => {
  it('knows headings, lists, tables and bold', () => {
    const markdown =
      '# A\n\n- **b:** $5.00\n- c\n\n| M | Cost |\n| --- | ---: |\n| x\\|y | $1,234.50 |\n\n1. one\n\n```sh\ncurl "$A"\n```';
    const page = reportPage({ title: 'A', markdown });
    expect(page).toContain('<h1>A</h1>');
    expect(page).toContain('<ul><li><strong>b:</strong> $5.00</li><li>c</li></ul>');
    expect(page).toContain('<tr><td>x|y</td><td class="n">$1,234.50</td></tr>');
    expect(page).toContain('<ol><li>one</li></ol>');
    expect(page).toContain('<pre><code>curl &quot;$A&quot;</code></pre>');
  });

  it('lets nothing through that is not text', () => {
    const page = reportPage({
      title: '</title><script>',
      markdown: '<script>alert(1)</script>\n\n# <img src=x onerror=y>\n\n&lt;b&gt;',
    });
    expect(page).not.toMatch(/<script|<img|<b>/);
    expect(page).toContain('&lt;b&gt;');
  });

  it('says of every figure that it cites how it was made', () => {
    const page = reportPage({ title: 'A', markdown: '# A', facts: [fact({})] });
    expect(page).toContain(
      '<tr><td class="n">$96.79</td><td>cost_breakdown.total</td><td>Σ cost</td><td>cost_computed</td><td>2023-11-16</td></tr>',
    );
    expect(reportPage({ title: 'A', markdown: '# A' })).not.toContain('Appendix');
  });

  it('has no element and no attribute of its own making, whatever a model, a tag or a formula is called', () => {
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '&lt;',
      '`',
      '**',
      '*',
      '|',
      '\\',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '| ',
      '```',
      '{{',
    ];
    const hostile = [
      '<script>',
      '</style>',
      '<img src=x onerror=alert(1)>',
      'javascript:',
      '<svg/onload=x>',
      '](x)',
      '![x]',
    ];
    const name = fc.array(fc.oneof(fc.constantFrom(...pieces, ...hostile), fc.string({ maxLength: 5 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(name, (parts) => {
        const text = parts.join('');
        const markdown = `# ${text}\n\n- **${plainText(text)}:** ${text}\n\n| Model | Cost |\n| --- | ---: |\n| ${plainText(text)} | ${text} |\n\n${text}`;
        const facts = [fact({ id: text, formula: text, inputs: [text, text] })];
        const page = reportPage({ title: text, markdown, facts });
        for (const [, element = '', attributes = ''] of page.matchAll(/<\/?([^\s>/]*)([^>]*)>?/g)) {
          if (element === '!doctype') continue;
          expect(ELEMENTS).toContain(element);
          expect(['', ' lang="en"', ' charset="utf-8"', ' class="n"', ' class="figures"']).toContain(attributes);
        }
      }),
      { numRuns: 500 },
    );
  });
});
