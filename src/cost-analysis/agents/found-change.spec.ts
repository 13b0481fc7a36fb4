import { describe, expect, it } from '@jest/globals';
import { foundChange } from './found-change.js';

const segment = (feature: string | null, model: string, change: string) => ({
  row: 'segment',
  feature,
  model,
  change_usd: change,
});

const resultOf = (change: string, rows: ReturnType<typeof segment>[]) => ({
  scope: 'explain_change',
  facts: [
    { id: 'explain_change.change', value: change, unit: 'usd', decimals: 2, formula: '', inputs: [], as_of: null },
  ],
  rows,
  coverage: { ratio: null, needs: [] },
  caveats: [],
});

const DAYS = { from: '2026-08-11', to: '2026-08-13' };

describe('what an explained change is about', () => {
  it('is its days, what the question was limited to, and what most of it took place in', () => {
    const rows = [segment('chat', 'gpt-4o', '15.00'), segment('search', 'o3', '4.00'), segment('old', 'o1', '-2.00')];
    expect(
      foundChange({ parameters: { ...DAYS, where: { team: 'support' } }, result: resultOf('20.00', rows) }),
    ).toEqual({ ...DAYS, where: { team: 'support', feature: 'chat', model: 'gpt-4o' } });
  });

  it('is the days alone where nothing stands out', () => {
    const rows = [segment('chat', 'gpt-4o', '9.00'), segment('search', 'o3', '8.00')];
    expect(foundChange({ parameters: DAYS, result: resultOf('20.00', rows) })).toEqual({ ...DAYS, where: {} });
  });

  it('is of a fall what fell', () => {
    const rows = [segment('chat', 'gpt-4o', '9.00'), segment(null, 'o3', '-18.00')];
    expect(foundChange({ parameters: DAYS, result: resultOf('-20.00', rows) })?.where).toEqual({ model: 'o3' });
  });

  it('is not known without days', () => {
    expect(foundChange({ parameters: {}, result: resultOf('20.00', []) })).toBeUndefined();
  });
});
