import { describe, expect, it } from '@jest/globals';
import { FactSheet } from './fact-sheet.js';

const NOTHING = { rows: [], needs: [], covered: { part: 0n, whole: 0n }, caveats: [] };
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

  it.each([
    ['1.250000000', 1_250_000_000n, 2],
    ['10.000000000', 10_000_000_000n, 2],
    ['0.075000000', 75_000_000n, 3],
    ['0.012500001', 12_500_001n, 9],
  ])('shows the unit price %s to its last digit', (value, nano, decimals) => {
    const sheet = new FactSheet('tool', null);
    sheet.unitPrice('price', nano, from);
    expect(sheet.report(NOTHING).facts).toMatchObject([{ value, decimals }]);
  });

  it.each([
    [2_500_000_000n, 2],
    [999_999_999n, 4],
    [10_000_000n, 4],
    [312_000n, 6],
  ])('shows enough of a small amount: %s nano-USD', (nano, decimals) => {
    const sheet = new FactSheet('tool', null);
    sheet.smallUsd('cost', nano, from);
    expect(sheet.report(NOTHING).facts).toMatchObject([{ decimals }]);
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
