import { describe, expect, it } from '@jest/globals';
import { reportPage } from './report-html.js';

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
});
