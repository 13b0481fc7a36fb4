import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nextLine } from './source-process.js';

/** The server in a process of its own, from its source: one that can be killed. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Its variables for a database; a second process with the same ones is the same server, started again. */
  static environment(databaseUrl: string): Record<string, string> {
    const { privateKey } = generateKeyPairSync('ed25519');
    return {
      NODE_ENV: 'test',
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl,
      JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
  }

  /** `entry`: what Node runs, seen from this folder. Resolves when it says that it is ready. Without a DATABASE_URL it would make a store in the checkout: refused. */
  static async start(
    environment: Readonly<Record<string, string>>,
    entry = '../../src/main.ts',
  ): Promise<ServerProcess> {
    if (!environment.DATABASE_URL) throw new Error('A server process of a test needs the DATABASE_URL of the test.');
    const main = fileURLToPath(new URL(entry, import.meta.url));
    const loader = new URL('typescript.mjs', import.meta.url).href;
    const child = spawn(
      process.execPath,
      ['--conditions=goldenpath-source', '--no-warnings', '--import', loader, main],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '', ...environment },
      },
    );
    const line = await nextLine(child);
    const url = /http\S+/.exec(line)?.[0];
    if (url === undefined) throw new Error(`The server said something else than its address: ${line}`);
    return new ServerProcess(child, url);
  }

  /** Resolves when the process is gone, by whatever hand. */
  async exit(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  /** Resolves with the exit code (null after a kill) once the process is gone; at once when it is gone already. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
    return this.child.exitCode;
  }
}
