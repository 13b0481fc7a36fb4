import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedServer } from '../../src/persistence/embedded/embedded-server.js';
import { Logger } from '../../src/telemetry/logger.js';
import { nextLine, startSourceProcess } from '../support/source-process.js';

/** Needs root: everybody else has nothing to become. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe['skip'];
const NOBODY = 65_534;

const elsewhere = (dataDir: string): string =>
  `/var/lib/goldenpath/data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;

describeAsRoot('The embedded PostgreSQL, started by root,', () => {
  const logger = new Logger('silent');
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await realpath(await mkdtemp(join(tmpdir(), 'goldenpath-root-')));
  });

  afterEach(async () => {
    await rm(elsewhere(dataDir), { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  const folderOf = async (): Promise<string> => {
    const record: unknown = JSON.parse(await readFile(join(dataDir, 'postgresql.json'), 'utf8'));
    return typeof record === 'object' && record !== null && 'folder' in record ? String(record.folder) : '';
  };

  it('puts its data where the user that it runs as can go when DATA_DIR is closed to him, and finds it again', async () => {
    await chmod(dataDir, 0o700);
    const first = new EmbeddedServer(dataDir, logger);
    await first.start();
    const folder = await folderOf();
    expect(folder).toBe(elsewhere(dataDir));
    await first.stop();
    const { mode, uid } = await stat(join(dataDir, 'postgresql.json'));
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o600, uid: 0 });

    await chmod(dataDir, 0o755);
    const second = new EmbeddedServer(dataDir, logger);
    await second.start();
    await second.stop();
    expect(await folderOf()).toBe(folder);
  });

  it('starts empty when DATA_DIR was removed, and keeps the old data aside', async () => {
    await chmod(dataDir, 0o700);
    const child = startSourceProcess('embedded-process.ts', { parameters: [dataDir] });
    await nextLine(child);
    const folder = await folderOf();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await rm(dataDir, { recursive: true });
    await mkdir(dataDir, { mode: 0o700 });

    const server = new EmbeddedServer(dataDir, logger);
    await server.start();
    await server.stop();
    expect(await folderOf()).toBe(folder);
    const clusters = (await readdir(folder)).filter((name) => name.startsWith('cluster')).sort();
    expect(clusters).toEqual(['cluster', expect.stringMatching(/^cluster-[0-9a-f]{8}$/)]);
  });

  it('goes on with the database of an ordinary user, who can still use it afterwards', async () => {
    await chown(dataDir, NOBODY, NOBODY);
    await chmod(dataDir, 0o755);
    const runAsNobody = async (): Promise<string> => {
      const child = startSourceProcess('embedded-process.ts', { parameters: [dataDir], uid: NOBODY });
      const line = await nextLine(child);
      const ended = once(child, 'exit');
      child.stdin?.end();
      await ended;
      return line;
    };
    expect(await runAsNobody()).toContain('"url"');
    const asRoot = new EmbeddedServer(dataDir, logger);
    await asRoot.start();
    await asRoot.stop();
    expect(await runAsNobody()).toContain('"url"');
  });
});
