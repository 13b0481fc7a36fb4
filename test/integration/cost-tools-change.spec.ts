import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;

describe('why spend changed', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let tools: ToolBox;

  const rows = (at: string, count: number, changes: Partial<PlainRow>): PlainRow[] =>
    Array.from({ length: count }, () => ({
      at,
      model: 'gpt-4o',
      input: 90,
      output: 10,
      feature: 'chat',
      computed: USD,
      ...changes,
    }));

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    const [user, other] = [await someone(open.database), await someone(open.database)];
    tools = new ToolBox(open.database, user);
    await importRows(open.database, user, {
      rows: [
        ...rows('2025-03-04T10:00:00Z', 10, {}),
        // The day before, to be left out of everything.
        ...rows('2025-03-10T10:00:00Z', 7, { computed: 50n * USD }),
        ...rows('2025-03-11T10:00:00Z', 20, {}),
        ...rows('2025-03-11T11:00:00Z', 1, { model: 'gpt-5', feature: 'code', computed: 9n * USD }),
      ],
    });
    await importRows(open.database, other, { rows: rows('2025-03-11T10:00:00Z', 3, { computed: 100n * USD }) });
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('is answered against the same weekday of the week before, and the parts add up', async () => {
    const report = await tools.report('explain_change', { from: '2025-03-11', to: '2025-03-12' });
    expect(report.value('compare_from')).toBe('2025-03-04');
    expect(report.value('compare_to')).toBe('2025-03-04');
    expect([report.value('before'), report.value('after')]).toEqual(['10.000000000', '29.000000000']);
    expect(report.value('change_percent')).toBe('190.000000');
    const effects = report.rows.filter(({ row }) => row === 'effect');
    const sum = effects.reduce((total, { change_usd }) => total + Number(change_usd), 0);
    expect(sum).toBeCloseTo(19, 9);
    expect(effects.map(({ effect }) => effect)).toEqual(['volume', 'mix', 'tokens_per_request', 'price']);
    expect(Number(report.value('effect.volume'))).toBeGreaterThan(10);
    expect(Number(report.value('effect.mix'))).toBeGreaterThan(5);
    expect(report.value('effect.price')).toBe('0.000000000');
    expect(report.rows.filter(({ row }) => row === 'segment')).toMatchObject([
      { model: 'gpt-4o', feature: 'chat', change_usd: '10.000000000' },
      { model: 'gpt-5', feature: 'code', change_usd: '9.000000000' },
    ]);
    expect(report.value('segment.gpt-4o.chat.requests_after')).toBe('20');
  });

  it('keeps to the limits of the question, and to a period that is named', async () => {
    const asked = { from: '2025-03-11', to: '2025-03-12', compare_from: '2025-03-10', compare_to: '2025-03-11' };
    const report = await tools.report('explain_change', { ...asked, where: { feature: 'chat' } });
    expect([report.value('before'), report.value('after')]).toEqual(['350.000000000', '20.000000000']);
  });

  it('leaves out days after the data ends, and says so', async () => {
    const report = await tools.report('explain_change', { from: '2025-03-10', to: '2025-03-17' });
    expect([report.value('from'), report.value('to')]).toEqual(['2025-03-10', '2025-03-11']);
    expect([report.value('compare_from'), report.value('compare_to')]).toEqual(['2025-03-03', '2025-03-04']);
    expect(report.caveats).toEqual([
      'The data ends before the period does: only the days up to its last one are compared, with as many days before.',
      'The data begins within the period compared with, so that a part of the change is missing data.',
    ]);
  });

  it('is not told of usage without a price, which is neither cheap nor gone', async () => {
    const user = await someone(open.database);
    const house = { model: 'house-model', computed: null };
    await importRows(open.database, user, {
      rows: [
        ...rows('2025-03-04T10:00:00Z', 10, {}),
        ...rows('2025-03-04T11:00:00Z', 10, { model: 'gpt-4o-mini' }),
        ...rows('2025-03-11T10:00:00Z', 10, { model: 'gpt-4o-mini' }),
        ...rows('2025-03-11T11:00:00Z', 40, house),
        ...rows('2025-03-12T11:00:00Z', 1, house),
      ],
    });
    const own = new ToolBox(open.database, user);
    const report = await own.report('explain_change', { from: '2025-03-11', to: '2025-03-12' });
    // All of the drop is requests that have gone elsewhere, none of it a cheaper mix.
    expect([report.value('change'), report.value('effect.volume'), report.value('effect.mix')]).toEqual([
      ...['-10.000000000', '-10.000000000', '0.000000000'],
    ]);
    expect([report.value('unpriced_tokens_before'), report.value('unpriced_tokens_after')]).toEqual(['0', '4000']);
    expect(report.caveats).toEqual([expect.stringContaining('Usage without a price is in no figure')]);
    expect(report.rows.find(({ model }) => model === 'house-model')).toMatchObject({
      ...{ change_usd: null, after_fact: null, change_fact: null },
    });
    const unknown = await own.report('explain_change', { from: '2025-03-12', to: '2025-03-13' });
    expect(['before', 'after', 'change'].map((path) => unknown.value(path))).toEqual([
      ...['0.000000000', undefined, undefined],
    ]);
    expect(unknown.rows.filter(({ row }) => row === 'effect')).toEqual([]);
  });

  it('says when there is nothing to compare with, and needs a period', async () => {
    const report = await tools.report('explain_change', { from: '2025-03-04', to: '2025-03-05' });
    expect(report.caveats).toEqual(['There is no spend in the period compared with: all of it counts as volume.']);
    expect(report.value('effect.volume')).toBe('10.000000000');
    await expect(tools.call('explain_change', {})).rejects.toThrow();
  });
});
