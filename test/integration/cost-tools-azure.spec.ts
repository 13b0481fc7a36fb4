import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { PipelineRun } from './cost-tools-run.js';
import { importRows, someone, ToolBox } from './cost-tools-setup.js';

const trace = resolve('..', 'shared', 'data', 'AzureLLMInferenceTrace_conv.csv');
const describeWithData = existsSync(trace) ? describe : describe['skip'];

/** The trace as read by this test alone: no importer is involved. */
const traceRows = () =>
  readFileSync(trace, 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [at = '', input, output] = line.split(',');
      return {
        at: `${at.replace(' ', 'T').slice(0, 23)}Z`,
        model: 'gpt-4o',
        input: Number(input),
        output: Number(output),
      };
    });

describeWithData('the analysis of the Azure hour (../shared/data)', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let alice: UserExecutionContext;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    alice = await someone(open.database);
    await importRows(open.database, alice, {
      format: 'azure-trace',
      label: 'Azure LLM inference trace',
      priceAs: 'gpt-4o',
      rows: traceRows(),
    });
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('answers with all six agents and the total to the cent', async () => {
    const run = await new PipelineRun(open.database, alice).ask('Analyze my AI costs');
    expect(run.agents).toEqual(['triage', 'data', 'optimization', 'actions', 'report']);
    expect(run.response.split('\n')).toContain('Azure LLM inference trace, real tokens, priced as gpt-4o: $96.79');
    expect(run.response).not.toMatch(/\{\{|undefined|NaN|null/);
    expect(run.streamed).toBe(run.response);
    for (const result of Object.values(run.results)) expect(JSON.stringify(result).length).toBeLessThan(8192);
  });

  it('finds what gpt-4o-mini would have cost: the published figure', async () => {
    const tools = new ToolBox(open.database, alice);
    const report = await tools.report('simulate_model_substitution', { to_model: 'gpt-4o-mini' });
    expect(report.value('gpt-4o.cost_now')).toBe('96.791325000');
    expect(report.value('gpt-4o.gpt-4o-mini.cost_then')?.slice(0, 4)).toBe('5.80');
    const [row] = report.rows;
    expect(row).toMatchObject({ from_model: 'gpt-4o', to_model: 'gpt-4o-mini', fits_context: true });
  });

  it('finds the share of output above the ninety-fifth percentile: 2.4 %', async () => {
    const report = await new ToolBox(open.database, alice).report('output_cap');
    expect(Number(report.value('gpt-4o.p95.output_share'))).toBeCloseTo(2.4, 1);
    expect(report.coverage.ratio).toBe('1.000000');
  });
});
