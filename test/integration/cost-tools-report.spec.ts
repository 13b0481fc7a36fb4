import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FALLBACK_MARK } from '../../src/cost-analysis/reports/report-assembly.js';
import { ReportStore } from '../../src/cost-analysis/reports/report-store.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { PipelineRun } from './cost-tools-run.js';
import { importRows, someone, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;
const DAY_MS = 86_400_000;

/** Two months of buckets: weekends quieter, one day that costs three times as much. */
const sixtyDays = (): PlainRow[] =>
  Array.from({ length: 60 }, (_, day) => {
    const at = new Date(Date.UTC(2025, 0, 6) + day * DAY_MS);
    const weekend = at.getUTCDay() % 6 === 0;
    const wave = BigInt((day * 7) % 5);
    const usd = (weekend ? 40n : 100n) + wave;
    return {
      at: at.toISOString(),
      model: 'gpt-4o',
      input: 10_000_000,
      output: 2_000_000,
      computed: (day === 44 ? 3n * usd : usd) * USD,
      team: day % 2 === 0 ? 'support' : 'search',
      bucketRequests: 1000,
    };
  });

describe('the answer to a question about costs', () => {
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

  const withMonths = async () => {
    const user = await someone(open.database);
    await importRows(open.database, user, { label: 'Sample company', synthetic: true, rows: sixtyDays() });
    return user;
  };

  it('names the unusual day and forecasts with a range; synthetic data is called synthetic', async () => {
    const { response, tools } = await new PipelineRun(open.database, await withMonths()).ask('Analyze my AI costs');
    expect(tools).toEqual([
      'data_quality',
      'reconcile_costs',
      'cost_breakdown',
      'detect_anomalies',
      'forecast_spend',
      'make_chart',
      'explain_change',
      'retry_waste',
      'simulate_model_substitution',
      'batch_opportunity',
      'combine_savings',
    ]);
    expect(response).toContain('# AI cost report, 6 January 2025 to 6 March 2025 (synthetic data)');
    expect(response).toContain('**All of this data is synthetic:**');
    expect(response).toContain('Sample company, synthetic data: $');
    expect(response).toMatch(
      /- 19 February 2025: \$\d+\.\d\d against an expected \$\d+\.\d\d, \$\d+\.\d\d more than usual\. Compared with 12 February 2025, at \$[\d.]+, most of the difference is due to [a-z ]+ \(\$[\d.]+\), above all in /,
    );
    expect(response.match(/more than usual|less than usual/g)).toHaveLength(1);
    expect(response).toMatch(
      /The 30 days after the data ends are expected to cost \$2,\d{3}\.\d\d, likely between \$[\d,.]+ and \$[\d,.]+\./,
    );
    expect(response).not.toMatch(/\{\{|undefined|NaN|null/);
  });

  it('says what to import when there is nothing', async () => {
    const run = await new PipelineRun(open.database, await someone(open.database)).ask('Analyze my AI costs');
    expect(run.agents).toEqual(['triage', 'data_helper', 'report']);
    expect(run.response).toContain('POST /api/usage/imports?format=auto');
    expect(run.response).toContain('`timestamp`, `model`, `input_tokens`, `output_tokens`');
    expect(run.response).toContain('## Next steps');
    expect(run.reportId).toBeDefined();
  });

  it('works with what there is when models are missing, and says how to get them', async () => {
    const user = await someone(open.database);
    const at = '2025-03-01T00:00:00Z';
    await importRows(open.database, user, { rows: [{ at, model: null, input: 10, output: 5, reported: 4n * USD }] });
    const run = await new PipelineRun(open.database, user).ask('What did we spend on AI?');
    expect(run.agents).toEqual(['triage', 'data_helper', 'data', 'report']);
    expect(run.response).toContain('**Total spend:** $4.00');
    expect(run.response).toContain('**Get the field model.**');
    expect(run.response).not.toContain('## Savings');
  });

  it('says what it can do when the question is about something else', async () => {
    const run = await new PipelineRun(open.database, await withMonths()).ask('What is the capital of France?');
    expect(run.agents).toEqual(['triage', 'report']);
    expect(run.response).toContain('which is what I can analyse');
    expect(run.reportId).toBeUndefined();
  });

  it('keeps one report for a run, the first, and shows it to nobody else', async () => {
    const user = await withMonths();
    const store = new ReportStore(open.database, new Clock());
    const run = await new PipelineRun(open.database, user).ask('Analyze my AI costs');
    const again = await store.keep(user, {
      id: new Ids().next(),
      threadId: user.threadId,
      runId: user.runId,
      title: 'x',
      markdown: 'other',
      facts: [],
      charts: [],
    });
    expect(again).toEqual({ id: run.reportId, markdown: run.response });
    const stored = await store.find(user, run.reportId ?? '');
    expect(stored).toMatchObject({ markdown: run.response, run_id: user.runId });
    expect(stored?.facts).toContainEqual(expect.objectContaining({ id: 'cost_breakdown.total', unit: 'usd' }));
    expect(await store.find(await someone(open.database), run.reportId ?? '')).toBeUndefined();
    expect(await store.find(user, 'not-an-id')).toBeUndefined();
  });

  it('lets a model write, as long as every figure is a citation', async () => {
    const words = '## In short\n\nYou spent {{fact:cost_breakdown.total}} on gpt-4o.\n';
    const write = (agent: string) => (agent === 'report' ? words : undefined);
    const run = await new PipelineRun(open.database, await withMonths(), write).ask('Analyze my AI costs');
    expect(run.response).toMatch(/## In short\n\nYou spent \$[\d,.]+ on gpt-4o\.\n\n## Sources/);
    expect(run.results.report?.sections_repaired).toBe(0);
  });

  it('gives a model that invents a number one more chance', async () => {
    const answers = ['## In short\n\nYou spent $99,999.00.', '## In short\n\nYou spent {{fact:cost_breakdown.total}}.'];
    const write = (agent: string, conversation: number) => (agent === 'report' ? answers[conversation] : undefined);
    const run = await new PipelineRun(open.database, await withMonths(), write).ask('Analyze my AI costs');
    expect(run.response).toMatch(/## In short\n\nYou spent \$[\d,.]+\.\n/);
    expect(run.streamed).not.toContain('99,999');
    expect(run.streamed).toBe(run.response);
  });

  it('takes the computed text, marked, for a model that goes on inventing', async () => {
    const write = (agent: string) =>
      agent === 'triage' ? undefined : '## In short\n\nIt was $99,999.00, twice as much as {{fact:made.up}}.';
    const run = await new PipelineRun(open.database, await withMonths(), write).ask('Analyze my AI costs');
    expect(run.response).toContain(FALLBACK_MARK);
    expect(run.response).toContain('**Total spend:**');
    expect(run.streamed + JSON.stringify(run.results)).not.toContain('99,999');
    expect(run.tools).toContain('cost_breakdown');
  });
});
