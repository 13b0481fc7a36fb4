import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { migrate } from '../../src/persistence/migrate.js';
import { nextLine, startSourceProcess } from '../support/source-process.js';
import type { Random } from './random.js';

const startLine = z.object({ url: z.string() });
const TRIES = 200;
const BETWEEN_TRIES_MS = 100;

/** A PostgreSQL of the harness' own, that it may stop, freeze and crash. Its keeper starts it again on the same port. */
export class Cluster {
  private constructor(
    private readonly folder: string,
    private readonly keeper: ChildProcess,
    private readonly url: string,
    private readonly pidFile: string,
  ) {}

  static async start(): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'goldenpath-chaos-'));
    // As root, the user that PostgreSQL runs as has to get in.
    await chmod(folder, 0o755);
    const keeper = startSourceProcess('embedded-process.ts', { parameters: [folder] });
    const { url } = startLine.parse(JSON.parse(await nextLine(keeper)));
    const [row] = await query<{ data_directory: string }>(url, 'SHOW data_directory');
    return new Cluster(folder, keeper, url, join(row?.data_directory ?? '', 'postmaster.pid'));
  }

  /** A new database, migrated; answers its URL. */
  async createDatabase(): Promise<string> {
    const name = `chaos_${randomBytes(4).toString('hex')}`;
    await query(this.url, `CREATE DATABASE ${name}`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    await migrate(url.href);
    return url.href;
  }

  async dropDatabase(url: string): Promise<void> {
    await this.rows(this.url, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  }

  /** Ends some or all of the sessions that servers have. */
  async endSessions(random: Random, share: number): Promise<void> {
    const pids = (await this.sessions()).filter(() => random.chance(share));
    await query(this.url, 'SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
  }

  /** Everything stands still, with all locks held, then goes on. */
  async freeze(durationMs: number): Promise<void> {
    const processes = [this.postmaster(), ...(await this.sessions())];
    for (const pid of processes) signal(pid, 'SIGSTOP');
    await pause(durationMs);
    for (const pid of processes) signal(pid, 'SIGCONT');
  }

  /** One session dies, and PostgreSQL throws all others out and recovers from its log. */
  async crashSession(random: Random): Promise<void> {
    const sessions = await this.sessions();
    if (sessions.length > 0) signal(random.pick(sessions), 'SIGKILL');
    await this.answers();
  }

  /** Ends the postmaster: in order (SIGINT), at once, without a checkpoint (SIGQUIT), or like a failing machine. Its keeper starts it again. */
  async end(how: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    signal(this.postmaster(), how);
    await pause(BETWEEN_TRIES_MS);
    await this.answers();
  }

  /** Rows of a query; tries again while PostgreSQL is away. */
  async rows<Row extends object>(url: string, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await query<Row>(url, text, parameters);
      } catch (error) {
        if (tries === TRIES) throw error;
        await pause(BETWEEN_TRIES_MS);
      }
    }
  }

  async stop(): Promise<void> {
    this.keeper.stdin?.end();
    if (this.keeper.exitCode === null) await once(this.keeper, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    await this.rows(this.url, 'SELECT 1');
  }

  private async sessions(): Promise<number[]> {
    const rows = await this.rows<{ pid: number }>(
      this.url,
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname LIKE 'chaos%' ORDER BY pid`,
    );
    return rows.map(({ pid }) => pid);
  }

  private postmaster(): number {
    return Number.parseInt(readFileSync(this.pidFile, 'utf8'), 10);
  }
}

async function query<Row extends object>(
  url: string,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A session that is ended between connect and query says so here too; the query fails anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, [...parameters])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A process that has ended meanwhile is what the signal was for. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
