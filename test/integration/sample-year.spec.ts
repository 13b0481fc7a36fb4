import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nothingPlanted } from '../../src/cost-analysis/sample/planted-work.js';
import { sampleYear } from '../../src/cost-analysis/sample/sample-year.js';
import { someone, ToolBox } from './cost-tools-setup.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const NANO = 1e9;
const IMPORT_MS = 60_000;
const DAYS = 364;
const FALSE_A_DAY = 0.1;

describe('the year of the sample company, imported', () => {
  const truth = nothingPlanted();
  let fixture: UsageFixture;
  let tools: ToolBox;

  beforeAll(async () => {
    fixture = await usageFixture();
    const user = await someone(fixture.database);
    const { rejected } = await fixture.send(user, Readable.from(sampleYear(truth)), { format: 'generic' });
    expect(rejected).toBe(0);
    tools = new ToolBox(fixture.database, user);
  }, IMPORT_MS);

  afterAll(() => fixture.close());

  const found = async (tool: string, fact: string, feature: string): Promise<number> =>
    Number((await tools.report(tool, { where: { feature } })).facts.find(({ id }) => id.endsWith(fact))?.value);

  const nearly = (value: number, planted: bigint): void => {
    expect(planted).toBeGreaterThan(0n);
    expect(Math.abs(value / (Number(planted) / NANO) - 1)).toBeLessThan(0.1);
  };

  it('has failed calls, which retry_waste finds', async () => {
    nearly(await found('retry_waste', '.waste', 'document-intake'), truth.failedNano);
  });

  it('has repeated questions, which duplicate_requests finds', async () => {
    nearly(await found('duplicate_requests', '.repeated', 'faq'), truth.repeatedNano);
  });

  it('has a long prefix that comes again, which cache_opportunity finds', async () => {
    nearly(await found('cache_opportunity', '.saving_high', 'contract-check'), truth.cacheableNano);
  });

  it('has nightly work, of which batch_opportunity finds that it costs twice what it could', async () => {
    const lines = [...sampleYear()].map((line) => line.split(','));
    const cost = lines[0]?.indexOf('cost') ?? -1;
    const nightly = lines.filter((cells) => cells.includes('nightly-enrichment'));
    const usd = nightly.reduce((total, cells) => total + Number(cells[cost]), 0);
    nearly(
      await found('batch_opportunity', '.saving_high', 'nightly-enrichment'),
      BigInt(Math.round((usd / 2) * NANO)),
    );
  });

  it('has an incident, which detect_anomalies finds, with little else', async () => {
    const report = await tools.report('detect_anomalies');
    expect(report.rows).toContainEqual(
      expect.objectContaining({ from: '2026-08-11', to: '2026-08-12', direction: 'spike' }),
    );
    expect(Number(report.value('events')) - 1).toBeLessThanOrEqual(FALSE_A_DAY * DAYS);
  });
});
