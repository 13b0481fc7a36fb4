/**
 * `npm run fuzz`: generated frames over real sockets, bytes that are no WebSocket, and generated requests to every route, against the
 * compiled server. `-- --frames 20000 --requests 25 --noise 100 --seed 7`. Prints what it met; the exit code is 0 when the server stood it.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ServerProcess } from '../load/server-process.js';
import { goldenpathServer } from '../load/servers-under-test.js';
import { runCampaign, type CampaignSize } from './campaign.js';

const HEAP_GROWTH_MAX_BYTES = 32 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await fuzz(readSize(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function readSize(parameters: readonly string[]): CampaignSize {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      frames: { type: 'string', default: '100000' },
      requests: { type: 'string', default: '65' },
      noise: { type: 'string', default: '100' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  return {
    frames: Number(values.frames),
    requestsPerRoute: Number(values.requests),
    noises: Number(values.noise),
    seed: Number(values.seed),
  };
}

async function fuzz(size: CampaignSize): Promise<void> {
  say(`seed ${size.seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-fuzz-'));
  // Started by root, PostgreSQL runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const server = await ServerProcess.start(goldenpathServer(folder, process.env.FUZZ_DATABASE_URL));
  try {
    const { frames, framesPerSecond, http, heapGrowthBytes, heapBytes } = await runCampaign(server, size);
    say(`connections that the server ended: ${JSON.stringify(Object.fromEntries(frames.closed))}`);
    say(`HTTP answers by status: ${JSON.stringify(Object.fromEntries(http.statuses))}`);
    if (heapGrowthBytes > HEAP_GROWTH_MAX_BYTES) throw new Error(`the heap grew by ${heapGrowthBytes} bytes`);
    say(
      `stood: ${frames.handled} frames (${framesPerSecond.toFixed(0)}/s), ${http.requests} requests to ${http.routes} routes, ` +
        `heap ${(heapBytes / MEGABYTE).toFixed(1)} MB, grown by ${(heapGrowthBytes / MEGABYTE).toFixed(1)} MB; seed ${size.seed}`,
    );
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
