import { describe, expect, it } from '@jest/globals';
import { fitMarkdown } from './fit-markdown.js';

const bold = (text: string): string => `\u001b[1m${text}\u001b[0m`;

describe('fitMarkdown', () => {
  it('wraps a paragraph between words', () => {
    expect(fitMarkdown('one two three four', 9)).toBe('one two\nthree\nfour');
  });

  it('lets the lines of a list item hang below its text', () => {
    expect(fitMarkdown('- one two three\n2. four five six', 11)).toBe('- one two\n  three\n2. four\n   five six');
  });

  it('shows headings and bold words in bold, and does not count the marks', () => {
    expect(fitMarkdown('# Title\n\n**one** two', 7)).toBe(`${bold('Title')}\n\n${bold('one')} two`);
  });

  it('makes words bold that are cut by the end of a line', () => {
    expect(fitMarkdown('**one two**', 3)).toBe(bold('one\ntwo'));
  });

  it('aligns tables, numbers to the right', () => {
    expect(fitMarkdown('| Model | Cost |\n| --- | ---: |\n| a | $1.00 |\n| long name | $12.00 |', 80)).toBe(
      [bold('Model         Cost'), 'a            $1.00', 'long name   $12.00'].join('\n'),
    );
  });

  it('says what a picture shows, and where it is', () => {
    const picture = '![Spend of \\[a\\] by day.](/api/reports/1/charts/1.svg)';
    expect(fitMarkdown(picture, 80)).toBe('Chart (/api/reports/1/charts/1.svg): Spend of [a] by day.');
  });

  it('leaves a word longer than the line whole', () => {
    expect(fitMarkdown('https://example.com/a-long-address x', 10)).toBe('https://example.com/a-long-address\nx');
  });
});
