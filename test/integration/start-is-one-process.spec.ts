import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { nextLine } from '../support/source-process.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Stands for the server: says who it is and what it was given, and ends with a code of its own when it is told to. */
const PROGRAM = `
process.on('SIGTERM', () => process.exit(42));
setInterval(() => undefined, 1000);
console.log(JSON.stringify({ pid: process.pid, parameters: process.argv.slice(2) }));
`;
const started = z.object({ pid: z.number(), parameters: z.array(z.string()) });

/** A checkout that is installed and built, as far as ready.mjs can see, with the commands of the real one. */
async function checkout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-start-'));
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  for (const name of ['scripts', 'node_modules', 'dist/commands']) await mkdir(join(folder, name), { recursive: true });
  await copyFile(join(ROOT, 'scripts/ready.mjs'), join(folder, 'scripts/ready.mjs'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'started', type: 'module', scripts }));
  for (const name of ['package-lock.json', 'node_modules/.package-lock.json'])
    await writeFile(join(folder, name), '{"packages":{}}');
  for (const name of ['main.js', 'commands/demo.js']) await writeFile(join(folder, 'dist', name), PROGRAM);
  return folder;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('npm start', () => {
  let folder: string;
  const processes: ChildProcess[] = [];
  const pids: number[] = [];
  beforeAll(async () => {
    folder = await checkout();
  });
  afterAll(async () => {
    for (const child of processes) if (child.exitCode === null) child.kill('SIGKILL');
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (...parameters: string[]) => {
    const child = spawn('npm', ['--silent', ...parameters], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    processes.push(child);
    const said = started.parse(JSON.parse(await nextLine(child)));
    pids.push(said.pid);
    return { child, ...said };
  };

  it('takes the server with it when it is told to stop', async () => {
    const { child, pid } = await run('start');
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    await until(() => !isAlive(pid), { message: 'the server to have ended' });
  });

  it('gives a command its parameters', async () => {
    const { child, pid, parameters } = await run('run', 'demo', '--', '--once');
    expect(parameters).toEqual(['--once']);
    const exit = once(child, 'exit');
    process.kill(pid, 'SIGTERM');
    await exit;
  });
});
