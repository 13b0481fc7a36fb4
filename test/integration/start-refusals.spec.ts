import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

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
    const [code]: unknown[] = await once(child, 'close');
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
    expect(await outcome({ HOST: '192.0.2.1' })).toMatchObject({ code: 1, lines: [expect.stringContaining('HOST')] });
    expect(await outcome({ DATA_DIR: join(folder, 'file') })).toMatchObject({
      code: 1,
      lines: [expect.stringContaining('DATA_DIR')],
    });
    expect(await outcome({ HOST: 'no host', PORT: 'x' })).toMatchObject({
      code: 78,
      lines: [expect.stringContaining('PORT'), expect.stringContaining('HOST')],
    });
  });

  it('ends in order when it is told to before it is ready', async () => {
    // Nobody answers there: the start waits.
    const child = launch({ REDIS_URL: '', LOG_LEVEL: 'warn', DATA_DIR: join(folder, 'stopped') });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    const closed = once(child, 'close');
    setTimeout(() => child.kill('SIGTERM'), 2_000);
    expect(await closed).toEqual([0, null]);
    expect(text).not.toContain('Error');
  });
});
