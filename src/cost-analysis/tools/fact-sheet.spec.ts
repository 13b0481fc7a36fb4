import { describe, expect, it } from '@jest/globals';
import { FactSheet } from './fact-sheet.js';

const from = { formula: 'as given', inputs: [] };

describe('a sheet of facts', () => {
  it('keeps money exact and percentages precise', () => {
    const sheet = new FactSheet('tool', new Date('2025-01-01T00:00:00Z'));
    sheet.usd('total', 96_791_325_000n, from);
    sheet.percent('share', { part: 1n, whole: 3n }, from);
    const { facts, coverage } = sheet.report({
      rows: [],
      needs: ['model'],
      covered: { part: 1n, whole: 4n },
      caveats: [],
    });
    expect(facts.map(({ id, value, decimals }) => [id, value, decimals])).toEqual([
      ['tool.total', '96.791325000', 2],
      ['tool.share', '33.333333', 1],
    ]);
    expect(facts[0]?.as_of).toBe('2025-01-01T00:00:00.000Z');
    expect(coverage).toEqual({ ratio: '0.250000', needs: ['model'] });
  });

  it('gives two things of one name two ids', () => {
    const sheet = new FactSheet('tool', null);
    expect([sheet.count('a', 1, from), sheet.count('a', 2, from)]).toEqual(['tool.a', 'tool.a~2']);
  });

  it('has no share of nothing', () => {
    const sheet = new FactSheet('tool', null);
    expect(sheet.percent('share', { part: 0n, whole: 0n }, from)).toBeUndefined();
  });
});
