import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { until } from '../support/until.js';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const LOADER = new URL('../support/typescript.mjs', import.meta.url).href;

describe('a server that can not start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goldenpath-refused-'));
    await writeFile(join(folder, 'file'), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const launch = (environment: Readonly<Record<string, string>>) =>
    spawn(process.execPath, ['--conditions=goldenpath-source', '--no-warnings', '--import', LOADER, MAIN], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        DATABASE_URL: '',
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        DATA_DIR: join(folder, 'data'),
        ...environment,
      },
    });

  async function outcome(environment: Readonly<Record<string, string>>) {
    const child = launch(environment);
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    const [code] = z.array(z.unknown()).parse(await once(child, 'close'));
    return { code, lines: text.trim().split('\n') };
  }

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const { code, lines } = await outcome({ PORT: String(port) });
    other.close();
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [expect.stringContaining(`Can't listen on 127.0.0.1 port ${port}: another program has the port`)],
    });
  });

  it('says in one line that its address or its folder is none', async () => {
    const outcomes = await Promise.all([
      outcome({ HOST: '192.0.2.1', DATA_DIR: join(folder, 'other') }),
      outcome({ DATA_DIR: join(folder, 'file') }),
      outcome({ HOST: 'no host', PORT: 'x' }),
    ]);
    expect(outcomes).toMatchObject([
      { code: 1, lines: [expect.stringContaining('HOST')] },
      { code: 1, lines: [expect.stringContaining('DATA_DIR')] },
      { code: 78, lines: [expect.stringContaining('PORT'), expect.stringContaining('HOST')] },
    ]);
  }, 60_000);

  it('ends in order when it is told to before it is ready', async () => {
    const dataDir = join(folder, 'stopped');
    const child = launch({ DATA_DIR: dataDir });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    const closed = once(child, 'close');
    // The first thing that a start does; making the database takes much longer.
    await until(() => existsSync(dataDir), { timeoutMs: 30_000, message: 'the start is under way' });
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(text).toBe('');
  }, 60_000);
});
