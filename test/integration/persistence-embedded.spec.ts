import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EmbeddedServer } from '../../src/persistence/embedded/embedded-server.js';
import { Logger } from '../../src/telemetry/logger.js';
import { nextLine, startSourceProcess } from '../support/source-process.js';
import { until } from '../support/until.js';

const logger = new Logger('silent');
const lockFileOf = (dataDir: string): string => join(dataDir, 'postgresql', 'cluster', 'postmaster.pid');
const pidOf = async (dataDir: string): Promise<number> =>
  Number((await readFile(lockFileOf(dataDir), 'utf8')).split('\n')[0]);

async function ask<Row extends object>(url: string, statement: string): Promise<Row | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows[0];
  } finally {
    await client.end();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}

describe('The embedded PostgreSQL', () => {
  let dataDir: string;
  const servers: EmbeddedServer[] = [];
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    dataDir = await realpath(await mkdtemp(join(tmpdir(), 'goldenpath-embedded-')));
    // Started by root, PostgreSQL runs as another user, who has to get in.
    await chmod(dataDir, 0o755);
  });

  afterEach(async () => {
    await Promise.all(children.splice(0).map(endChild));
    for (const server of servers.splice(0)) await server.stop();
  });

  afterAll(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  function serverOn(folder: string): EmbeddedServer {
    const server = new EmbeddedServer(folder, logger);
    servers.push(server);
    return server;
  }

  async function startChild(): Promise<{ child: ChildProcess; line: string }> {
    const child = startSourceProcess('embedded-process.ts', { parameters: [dataDir] });
    children.push(child);
    return { child, line: await nextLine(child) };
  }

  it('has one owner also when two servers start at the same moment on an empty DATA_DIR', async () => {
    const starts = await Promise.allSettled([serverOn(dataDir).start(), serverOn(dataDir).start()]);
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('keeps its data over a stop and a start, and writes to disk before it confirms', async () => {
    const first = serverOn(dataDir);
    await ask(await first.start(), 'CREATE TABLE note AS SELECT 1 AS kept');
    await first.stop();
    await expect(readFile(lockFileOf(dataDir))).rejects.toMatchObject({ code: 'ENOENT' });

    const url = await serverOn(dataDir).start();
    expect(await ask(url, 'SELECT kept FROM note')).toEqual({ kept: 1 });
    expect(
      await ask(
        url,
        `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit`,
      ),
    ).toEqual({ fsync: 'on', synchronous_commit: 'on' });
  });

  it.each([
    { name: 'a socket in its folder', folder: 'with, a "name" of 100 %', isSocket: true },
    {
      name: 'the loopback address where the path is too long for a socket',
      folder: 'long'.repeat(25),
      isSocket: false,
    },
  ])('is reached over $name', async ({ folder, isSocket }) => {
    const own = join(dataDir, folder);
    await mkdir(own);
    await chmod(own, 0o755);
    const url = await serverOn(own).start();
    expect(await ask(url, 'SELECT inet_client_addr() IS NULL AS "isSocket"')).toEqual({ isSocket });
  });

  it('survives kill -9 of its server, and the next server attaches to it', async () => {
    const { child, line } = await startChild();
    expect(line).toContain('"url"');
    const pid = await pidOf(dataDir);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;

    const url = await serverOn(dataDir).start();
    expect(JSON.parse(line)).toEqual({ url });
    expect(await pidOf(dataDir)).toBe(pid);
  });

  it('is owned by one server: a second one on the same DATA_DIR says so and leaves it alone', async () => {
    const url = await serverOn(dataDir).start();
    const { line } = await startChild();
    expect(JSON.parse(line)).toEqual({
      error: `StartupError: Another Goldenpath server runs on ${dataDir}. Stop it, or start this one with another DATA_DIR.`,
    });
    expect(await ask(url, 'SELECT 1 AS alive')).toEqual({ alive: 1 });
  });

  it('starts over a lock file of a process that is gone, and of a number that another program has now', async () => {
    const first = serverOn(dataDir);
    await first.start();
    const lockFile = await readFile(lockFileOf(dataDir), 'utf8');
    await first.stop();

    await writeFile(lockFileOf(dataDir), lockFile);
    const second = serverOn(dataDir);
    await second.start();
    await second.stop();

    await writeFile(lockFileOf(dataDir), lockFile.replace(/^\d+/, String(process.pid)));
    expect(await ask(await serverOn(dataDir).start(), 'SELECT 1 AS alive')).toEqual({ alive: 1 });
  });

  it('that was copied, with the lock file of the running original, is a database of its own', async () => {
    const original = serverOn(dataDir);
    await original.start();
    await original.stop();
    const copy = `${dataDir}-copy`;
    await promisify(execFile)('cp', ['-a', dataDir, copy]);
    await serverOn(dataDir).start();
    await writeFile(lockFileOf(copy), await readFile(lockFileOf(dataDir)));

    const ofCopy = serverOn(copy);
    const served = await ask<{ data_directory: string }>(await ofCopy.start(), 'SHOW data_directory');
    expect(served?.data_directory).toBe(join(copy, 'postgresql', 'cluster'));
    await ofCopy.stop();
    await rm(copy, { recursive: true });
  });

  it('that dies is started again on the same port', async () => {
    const url = await serverOn(dataDir).start();
    const pid = await pidOf(dataDir);
    process.kill(pid, 'SIGKILL');
    await until(() => ask(url, 'SELECT 1 AS alive').catch(() => undefined), {
      timeoutMs: 20_000,
      message: 'it answers again',
    });
    expect(await pidOf(dataDir)).not.toBe(pid);
  });

  it('whose password file was lost says what to do', async () => {
    const first = serverOn(dataDir);
    await first.start();
    await first.stop();
    await rm(join(dataDir, 'postgresql.json'));
    await expect(serverOn(dataDir).start()).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringContaining('Restore that file, or move the folder away.'),
    });
  });
});
