/**
 * `npm run bench:imports -- --rows 1000000`: one CSV file of usage through the real server into PostgreSQL. Prints rows a second, CPU and the
 * most memory that the server took. BENCH_DATABASE_URL chooses the database; without it, the embedded one.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { callRest } from '../../src/commands/rest.js';
import { describeMachine } from './machine.js';
import { ServerProcess } from './server-process.js';
import { goldenpathServer } from './servers-under-test.js';
import { loadavg } from 'node:os';

const POLL_MS = 200;
const CHUNK_ROWS = 500;
const HEADER =
  'request_id,timestamp,model,provider,input_tokens,cached_tokens,output_tokens,cost,team,project,feature,user,status,latency_ms,stream\n';
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-5-mini', 'gpt-4.1'];
const TEAMS = ['support', 'search', 'sales', 'platform'];

const signedIn = z.object({ access_token: z.string() });
const imported = z.object({
  import_id: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  accepted: z.number(),
  rejected: z.number(),
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '500000' }, 'row-bytes': { type: 'string', default: '0' } },
});
await benchImports(Number(values.rows), Number(values['row-bytes']));

async function benchImports(rows: number, rowBytes: number): Promise<void> {
  const busyBefore = loadavg()[0] ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-imports-'));
  await chmod(folder, 0o755);
  const server = await ServerProcess.start(goldenpathServer(folder, process.env.BENCH_DATABASE_URL));
  try {
    const token = await signUp(server.url);
    const before = await server.report(true);
    const watch = new MemoryWatch(server);
    const sent = new CountedFile(rows, rowBytes);
    const started = performance.now();
    const answer = await callRest(`${server.url}/api/usage/imports?format=generic`, imported, {
      method: 'POST',
      token,
      body: Readable.from(sent.chunks()),
      contentType: 'text/csv',
    });
    const uploadedMs = performance.now() - started;
    const done = answer.status === 'running' ? await finished(server.url, { token, id: answer.import_id }) : answer;
    const totalMs = performance.now() - started;
    const after = await server.report();
    const peakBytes = await watch.stop();
    if (done.status !== 'completed' || done.accepted !== rows || done.rejected !== 0)
      throw new Error(
        `the import is ${done.status}: ${done.accepted} rows taken, ${done.rejected} refused, of ${rows}`,
      );
    const cpuMs = after.cpuMs - before.cpuMs;
    const importMs = totalMs - uploadedMs;
    say(`${rows} rows, ${(sent.bytes / 1e6).toFixed(0)} MB of CSV`);
    say(`import: ${(importMs / 1e3).toFixed(1)} s, ${Math.round((rows / importMs) * 1e3)} rows/s`);
    say(`upload and import: ${(totalMs / 1e3).toFixed(1)} s, ${Math.round((rows / totalMs) * 1e3)} rows/s`);
    say(`CPU of the server: ${(cpuMs / 1e3).toFixed(1)} s, ${((cpuMs / rows) * 1e3).toFixed(1)} µs a row`);
    say(`memory: ${mib(before.rssBytes)} MiB before, ${mib(peakBytes)} MiB at the most`);
    say(describeMachine(busyBefore).join('\n'));
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

async function signUp(url: string): Promise<string> {
  const account = { email: `${randomBytes(6).toString('hex')}@example.com`, password: randomBytes(18).toString('hex') };
  return (await callRest(`${url}/api/auth/register`, signedIn, { method: 'POST', json: account })).access_token;
}

async function finished(url: string, { token, id }: { token: string; id: string }): Promise<z.output<typeof imported>> {
  for (;;) {
    const answer = await callRest(`${url}/api/usage/imports/${id}`, imported, { method: 'GET', token });
    if (answer.status !== 'running') return answer;
    await pause(POLL_MS);
  }
}

/** The most resident memory that a server had while it was watched. */
class MemoryWatch {
  private peakBytes = 0;
  private stopped = false;
  private readonly watching: Promise<void>;

  constructor(private readonly server: ServerProcess) {
    this.watching = this.watch();
  }

  async stop(): Promise<number> {
    this.stopped = true;
    await this.watching;
    return this.peakBytes;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      this.peakBytes = Math.max(this.peakBytes, (await this.server.report()).rssBytes);
      await pause(POLL_MS);
    }
  }
}

/** A file that is made as it is sent. `rowBytes`: padding in a column that no importer knows. */
class CountedFile {
  bytes = 0;

  constructor(
    private readonly rows: number,
    private readonly rowBytes: number,
  ) {}

  *chunks(): Generator<Buffer> {
    const padding = this.rowBytes > 0 ? `,${'x'.repeat(this.rowBytes)}` : '';
    yield this.counted(this.rowBytes > 0 ? HEADER.replace('\n', ',notes\n') : HEADER);
    for (let row = 0; row < this.rows; row += CHUNK_ROWS) {
      let text = '';
      for (let index = row; index < Math.min(row + CHUNK_ROWS, this.rows); index += 1)
        text += `${rowOf(index)}${padding}\n`;
      yield this.counted(text);
    }
  }

  private counted(text: string): Buffer {
    const chunk = Buffer.from(text);
    this.bytes += chunk.length;
    return chunk;
  }
}

function rowOf(index: number): string {
  const spread = (index * 7919) % 9973;
  const [input, output] = [400 + (spread % 3000), 50 + (spread % 700)];
  return [
    `request-${index.toString().padStart(12, '0')}`,
    new Date(Date.UTC(2026, 0, 1) + index * 2_000).toISOString(),
    MODELS[index % MODELS.length] ?? '',
    'openai',
    input,
    spread % 300,
    output,
    ((input * 2.5 + output * 10) / 1_000_000).toFixed(6),
    TEAMS[spread % TEAMS.length] ?? '',
    'portal',
    'answers',
    `u${spread % 200}`,
    'ok',
    300 + (spread % 900),
    'true',
  ].join(',');
}
