import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { PipelineRun } from './cost-tools-run.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

describe('usage without any price', () => {
  let test: TestDatabase;
  let open: OpenDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  /** Two models at work for three weeks; `priced`: nano-USD of a call of the one that has a price. */
  const someoneWith = async (priced: bigint | null): Promise<UserExecutionContext> => {
    const user = await someone(open.database);
    const days = Array.from({ length: 21 }, (_, day) => new Date(Date.UTC(2025, 1, 24 + day, 12)).toISOString());
    const rows = days.flatMap((at): PlainRow[] => [
      { at, model: 'house-model', input: 10, output: 5, computed: null, team: 'lab' },
      { at, model: 'gpt-4o', input: 10, output: 5, computed: priced, team: 'support', feature: 'chat' },
    ]);
    await importRows(open.database, user, { label: 'House', rows });
    return user;
  };
  const NO_PRICE = /\$0\.00|undefined|NaN|null/;

  it('has no total, which is not a total of nothing', async () => {
    const { response, openings } = await new PipelineRun(open.database, await someoneWith(null)).ask(
      'Analyze my AI costs',
    );
    expect(response).toContain('**Total spend:** not priced');
    expect(response).toContain('House, real usage: not priced');
    expect(response).toContain('| house-model | not priced |  |');
    expect(response).not.toMatch(NO_PRICE);
    expect(openings.join()).toContain('none of them has a known price');
  });

  it.each([
    ['What are our most expensive models?', '**Largest model:** none can be told; gpt-4o, not priced'],
    ['Compare team lab and team support', '**lab:** not priced.'],
    ['How did spend develop over time?', '| 3 March 2025 | not priced |'],
    ['What was our most expensive day?', '**Most expensive day:** no usage has a price.'],
    ['What is our cost per request?', '**Per request:** not priced, over 42 requests.'],
  ])('is not free: %s', async (question, answer) => {
    const { response } = await new PipelineRun(open.database, await someoneWith(null)).ask(question);
    expect(response).toContain(answer);
    expect(response).not.toMatch(NO_PRICE);
  });

  /** Four weeks of calls of a dollar a day; on the last two days so many of them, and five more without a price. */
  const someoneMoving = async (before: number, after: number): Promise<UserExecutionContext> => {
    const user = await someone(open.database);
    const rows = Array.from({ length: 28 }, (_, day): PlainRow[] => {
      const at = new Date(Date.UTC(2025, 1, 24 + day, 12)).toISOString();
      const calls = (count: number, row: Partial<PlainRow>): PlainRow[] =>
        Array.from({ length: count }, () => ({ at, input: 10, output: 5, feature: 'chat', ...row }));
      return [
        ...calls(day < 26 ? before : after, { model: 'gpt-4o', computed: 1_000_000_000n }),
        ...calls(day < 26 ? 0 : 5, { model: 'house-model', computed: null }),
      ];
    }).flat();
    await importRows(open.database, user, { label: 'House', rows });
    return user;
  };

  it('is named beside a change that it may have made', async () => {
    const user = await someoneMoving(10, 5);
    const { response } = await new PipelineRun(open.database, user).ask(
      'Why did spend change from 22 March 2025 to 23 March 2025?',
    );
    expect(response).toContain(
      'Most of it is due to fewer requests (-$10.00), above all in chat on gpt-4o (-$10.00). ' +
        'Usage without a price is in neither cost: 0 tokens before, 150 tokens then.',
    );
    expect(response).toContain('| chat on house-model | $0.00 | not priced | – |');
    const unknown = await new PipelineRun(open.database, await someoneWith(null)).ask('Why did spend rise last week?');
    expect(unknown.response).toContain(
      '**What changed:** 10 March 2025 to 16 March 2025 cannot be compared with 3 March 2025 to 9 March 2025: no usage of either has a price.',
    );
    expect(unknown.response).not.toMatch(NO_PRICE);
  });

  it('is nothing that drove a rise', async () => {
    const { response } = await new PipelineRun(open.database, await someoneMoving(5, 10)).ask(
      'Why did cost by model rise from 22 March 2025 to 23 March 2025?',
    );
    expect(response).toContain('above all in gpt-4o ($10.00). Usage without a price is in neither cost');
  });

  it('stands unpriced beside what is priced', async () => {
    const user = await someoneWith(1_000_000_000n);
    const { response } = await new PipelineRun(open.database, user).ask('What are our most expensive models?');
    expect(response).toContain('**Largest model:** gpt-4o with $21.00, 100.0% of spend; then house-model, not priced.');
    expect(response).toContain('| house-model | not priced |  |');
    const breakdown = await new ToolBox(open.database, user).report('cost_breakdown', {});
    expect(breakdown.rows.find(({ name }) => name === 'house-model')).toMatchObject({
      cost_usd: null,
      share: null,
      input_tokens: '210',
    });
    expect(breakdown.value('model.house-model.cost')).toBeUndefined();
    expect(breakdown.caveats).toEqual([expect.stringContaining('no known price')]);
  });
});
