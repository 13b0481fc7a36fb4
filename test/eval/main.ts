import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { evaluate } from './evaluation.js';
import { readEvalOptions } from './options.js';
import { resultsPage } from './results-page.js';

const PAGE = new URL('../../docs/eval.md', import.meta.url);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const { write, only } = readEvalOptions(process.argv.slice(2));
  const beganMs = performance.now();
  const evaluation = await evaluate(only, say);
  if (write) await writeFile(PAGE, await formatted(resultsPage(evaluation, new Date())));
  const verdicts = evaluation.results.flatMap(({ verdicts: some }) => some);
  const failed = verdicts.filter(({ faults }) => faults.length > 0).length;
  const questions = evaluation.dataSets.reduce((total, { questions: some }) => total + some.length, 0);
  if (verdicts.length === 0) throw new Error('Nothing was asked: no data set of that name is there.');
  if (failed > 0) process.exitCode = 1;
  say(
    `${failed === 0 ? 'passed' : `FAILED ${failed}`}: ${verdicts.length} answers to ${questions} questions about ${evaluation.dataSets.length} data sets, ` +
      `${evaluation.skipped.length} data sets skipped, ${((performance.now() - beganMs) / 1_000).toFixed(0)} s`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

/** As the check of the format wants every page. */
async function formatted(page: string): Promise<string> {
  return format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}
