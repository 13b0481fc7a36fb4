import { goldenpathServer } from '../load/servers-under-test.js';
import { ServerProcess } from '../load/server-process.js';
import type { ServerCommand } from '../load/server-process.js';

/** The compiled server on a store of its own, started first without a model and then, on the same data, with one. */
export class EvalServer {
  private readonly command: ServerCommand;
  private running: ServerProcess | undefined;

  constructor(folder: string, databaseUrl: string | undefined) {
    this.command = goldenpathServer(folder, databaseUrl);
  }

  /** Starts it again with these variables; resolves with its address. */
  async restart(environment: Readonly<Record<string, string>> = {}): Promise<string> {
    await this.stop();
    this.running = await ServerProcess.start({
      ...this.command,
      environment: { ...this.command.environment, ...environment },
    });
    return this.running.url;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }
}
