import { describe, expect, it } from '@jest/globals';
import { fieldCoverage, missingFieldNames, sufficiency } from './sufficiency.js';
import { USAGE_FIELDS } from './usage-fields.js';

const mask = (...names: string[]): number =>
  names.reduce((bits, name) => bits | (1 << USAGE_FIELDS.findIndex((field) => field.name === name)), 0);

const group = (names: string[], rows: bigint, spendNano: bigint) => ({ mask: mask(...names), rows, spendNano });

describe('whether the data suffices', () => {
  it('takes model, tokens and cost on four fifths of spend and rows', () => {
    const core = ['model', 'tokens', 'cost'];
    expect(sufficiency([group(core, 1n, 5n)])).toBe('sufficient');
    expect(sufficiency([group(core, 8n, 80n), group(['tokens', 'cost'], 2n, 20n)])).toBe('sufficient');
    expect(sufficiency([group(core, 90n, 79n), group(['tokens', 'cost'], 10n, 21n)])).toBe('partial');
    expect(sufficiency([group(core, 1n, 99n), group(['model', 'tokens'], 1n, 0n)])).toBe('partial');
  });

  it('is not given without a row that has tokens or a cost', () => {
    expect(sufficiency([])).toBe('insufficient');
    expect(sufficiency([group(['model'], 100n, 0n)])).toBe('insufficient');
    expect(sufficiency([group(['tokens'], 1n, 0n)])).toBe('partial');
  });

  it('names what no row carries, and core fields that too few do', () => {
    const names = missingFieldNames([
      group(['tokens', 'cost', 'team'], 9n, 9n),
      group(['model', 'tokens', 'cost'], 1n, 1n),
    ]);
    expect(names).toContain('model');
    expect(names).toContain('project');
    expect(names).not.toContain('team');
  });

  it('weighs by spend, and by rows where nothing has a cost', () => {
    const team = (groups: Parameters<typeof fieldCoverage>[0]) =>
      fieldCoverage(groups).find(({ field }) => field.name === 'team');
    expect(team([group(['team'], 1n, 30n), group([], 9n, 70n)])).toMatchObject({ part: 30n, whole: 100n });
    expect(team([group(['team'], 1n, 0n), group([], 9n, 0n)])).toMatchObject({ part: 1n, whole: 10n });
  });
});
