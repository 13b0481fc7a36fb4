import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nextLine } from '../support/source-process.js';

export interface ServerOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly effectsPath: string;
  readonly sabotage: string | undefined;
  /** Where its log lines go, of all its lives. */
  readonly logPath: string;
}

/** One place in the fleet: a server process that is killed, frozen and started again on the same port. */
export class ServerUnderTest {
  private child: ChildProcess | undefined;
  private ready = false;
  private frozen = false;
  private clockOffsetMs = 0;

  constructor(private readonly options: ServerOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Past the proxies. */
  get url(): string {
    return `http://127.0.0.1:${this.options.environment.PORT ?? ''}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** It is there, it is ready, and it is not frozen. */
  get isUp(): boolean {
    return this.ready && !this.frozen;
  }

  /** Resolves when it is ready; throws when it ends before. */
  async start(): Promise<void> {
    const { environment, effectsPath, sabotage, logPath } = this.options;
    const main = fileURLToPath(new URL('server-main.ts', import.meta.url));
    const loader = new URL('../support/typescript.mjs', import.meta.url).href;
    const flags = ['--conditions=goldenpath-source', '--no-warnings', '--import', loader];
    const log = openSync(logPath, 'a');
    const parameters = [...flags, main, effectsPath, ...(sabotage === undefined ? [] : [sabotage])];
    const child = spawn(process.execPath, parameters, {
      // Its input ends when we do, and then it ends too.
      stdio: ['pipe', 'pipe', log],
      env: { ...process.env, NODE_OPTIONS: '', ...environment, CLOCK_OFFSET_MS: String(this.clockOffsetMs) },
    });
    closeSync(log);
    this.child = child;
    // It may be gone when its clock is set.
    child.stdin?.on('error', () => undefined);
    child.once('exit', () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.ready = false;
    });
    await nextLine(child);
    this.ready = true;
  }

  /** Its wall clock jumps, and stays wrong by so much, also after a restart. */
  setClock(wrongByMs: number): void {
    this.clockOffsetMs = wrongByMs;
    this.child?.stdin?.write(`${wrongByMs}\n`);
  }

  freeze(): void {
    this.frozen = this.child?.kill('SIGSTOP') === true;
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
    this.frozen = false;
  }

  /** Resolves when the process is gone, with its exit code; null after a kill, or when there was none. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child === undefined) return null;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
    this.frozen = false;
    return child.exitCode;
  }
}
