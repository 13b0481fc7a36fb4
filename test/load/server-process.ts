import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What a server uses. Heap is everything that V8 keeps for us: objects and buffers. */
export interface ProcessReport {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Since its start, user and system. */
  readonly cpuMs: number;
}

export interface ServerCommand {
  /** What Node runs: flags, file, parameters. */
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Gets its standard error. */
  readonly logPath: string;
}

const READY_LINE = /\bready at (http:\/\/\S+)$/;
const snapshotMessage = z.object({ id: z.number(), resources: z.record(z.string(), z.number()) });
const reportMessage = z.object({ id: z.number(), rssBytes: z.number(), heapBytes: z.number(), cpuMs: z.number() });

/** A server in a process of its own that tells what it uses. */
export class ServerProcess {
  private reports = 0;
  private readonly gone = new AbortController();

  private constructor(
    private readonly child: ChildProcess,
    /** e.g. http://127.0.0.1:3000 */
    readonly url: string,
  ) {
    child.once('exit', () => this.gone.abort(new Error('the server ended')));
  }

  /** Resolves when the server said that it is ready. Throws if it ends before. */
  static async start({ parameters, environment, logPath }: ServerCommand): Promise<ServerProcess> {
    const reporter = fileURLToPath(new URL('process-report.mjs', import.meta.url));
    const child = spawn(process.execPath, ['--expose-gc', '--import', reporter, ...parameters], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stderr?.pipe(createWriteStream(logPath));
    return new ServerProcess(child, await readyUrl(child, logPath));
  }

  get socketUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  /** `collect`: after a full garbage collection. */
  async report(collect = false): Promise<ProcessReport> {
    const id = (this.reports += 1);
    this.child.send({ id, collect });
    for (;;) {
      const [message] = (await once(this.child, 'message', { signal: this.gone.signal })) as [unknown];
      const report = reportMessage.parse(message);
      if (report.id === id) return report;
    }
  }

  /** Writes a heap snapshot; answers what keeps the server's event loop alive: the kinds of resources, and how many of each. */
  async snapshot(file: string): Promise<Readonly<Record<string, number>>> {
    const id = (this.reports += 1);
    this.child.send({ id, snapshot: file });
    for (;;) {
      const [message] = (await once(this.child, 'message', { signal: this.gone.signal })) as [unknown];
      const answer = snapshotMessage.parse(message);
      if (answer.id === id) return answer.resources;
    }
  }

  /** Ends it as an operator would; resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}

function readyUrl(child: ChildProcess, logPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the server ended before it was ready; see ${logPath}`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = READY_LINE.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
