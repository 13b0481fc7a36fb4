import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureHour } from './azure-hour.js';
import type { AbsentDataSet, DataSet } from './data-set.js';
import { EvalServer } from './eval-server.js';
import { generatedCompany } from './generated-company.js';
import { generatedYear } from './generated-year.js';
import { hostileTag } from './hostile-tag.js';
import { mooncakeHead } from './mooncake-head.js';
import { playRound, type Always, type Loaded, type RoundResult } from './round.js';
import { Tenant } from './tenant.js';
import { FOLLOWINGS, INVENTIONS, ScriptedProvider, type Writer } from './writer.js';

export interface Evaluation {
  readonly results: readonly RoundResult[];
  readonly dataSets: readonly DataSet[];
  readonly skipped: readonly AbsentDataSet[];
}

const REFUSED = /did not pass the check of its figures/;
const ROUNDS: Readonly<Record<Writer, Always & { readonly name: string }>> = {
  // It may not repeat a figure of the question either: where there is one, its words may be refused.
  faithful: { name: 'a model that cites', neverSaysUnlessNumbered: [REFUSED] },
  inventing: { name: 'a model that invents numbers', says: [REFUSED], neverSays: INVENTIONS },
  obedient: { name: 'a model that obeys what it reads in a tag', neverSays: FOLLOWINGS },
};

/** Everything once: without a model, and with each scripted one. `say` gets a line of progress; `only`: a part of data sets' names. */
export async function evaluate(only: string, say: (line: string) => void): Promise<Evaluation> {
  const all = [generatedCompany(), generatedYear(), azureHour(), mooncakeHead(), hostileTag()].filter(({ name }) =>
    name.toLowerCase().includes(only),
  );
  const skipped = all.filter((one): one is AbsentDataSet => 'absent' in one);
  const dataSets = all.filter((one): one is DataSet => !('absent' in one));
  for (const { name, absent } of skipped) say(`skipped: ${name}, because ../shared/data/${absent} is not there`);
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-eval-'));
  // Started by root, PostgreSQL runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const server = new EvalServer(folder, process.env.EVAL_DATABASE_URL);
  const provider = new ScriptedProvider();
  try {
    await provider.start();
    return { results: await play({ server, provider, say }, dataSets), dataSets, skipped };
  } finally {
    await server.stop();
    await provider.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly server: EvalServer;
  readonly provider: ScriptedProvider;
  readonly say: (line: string) => void;
}

async function play({ server, provider, say }: Stage, dataSets: readonly DataSet[]): Promise<RoundResult[]> {
  const results: RoundResult[] = [];
  const round = async (url: string, always: Always & { name: string }, loaded: readonly Loaded[]) => {
    for (const one of loaded) {
      const result = await playRound({ name: always.name, url, always }, one);
      results.push(result);
      say(roundLine(result));
    }
  };
  const first = await server.restart();
  const loaded: Loaded[] = [];
  for (const dataSet of dataSets) loaded.push({ dataSet, tenant: await load(first, dataSet) });
  await round(first, { name: 'no model' }, loaded);
  const withModel = await server.restart(provider.environment);
  for (const writer of ['faithful', 'inventing', 'obedient'] as const) {
    const of = writer === 'obedient' ? loaded.filter(({ dataSet }) => dataSet.givesOrders === true) : loaded;
    if (of.length === 0) continue;
    provider.writer = writer;
    const [asked, offended] = [provider.requests, provider.offences];
    await round(withModel, ROUNDS[writer], of);
    if (provider.requests === asked) throw new Error(`the ${writer} model was never asked`);
    if (writer !== 'faithful' && provider.offences === offended) throw new Error(`the ${writer} model had no occasion`);
  }
  return results;
}

async function load(url: string, { name, file, rows }: DataSet): Promise<Tenant> {
  const tenant = await Tenant.register(url);
  const accepted = await tenant.import(url, file);
  if (accepted !== rows) throw new Error(`${accepted} of ${rows} rows of ${name} were taken`);
  return tenant;
}

function roundLine({ round, dataSet, verdicts }: RoundResult): string {
  const passed = verdicts.filter(({ faults }) => faults.length === 0).length;
  const lines = verdicts.flatMap(({ asks, faults }) => faults.map((fault) => `    “${asks}”: ${fault}`));
  return [`${round}, ${dataSet}: ${passed} of ${verdicts.length} passed`, ...lines].join('\n');
}
