import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Effect } from './history.js';

const effect = z.object({
  userId: z.string(),
  runId: z.string(),
  toolCallId: z.string(),
  label: z.string(),
  idempotent: z.boolean(),
  key: z.string(),
});

/** The world outside: a file that servers append to, one line an effect, and that no database and no server can take back. */
export class Effects {
  constructor(private readonly path: string) {}

  /** Has happened when it returns, whatever becomes of the process then. */
  record(happened: Effect): void {
    appendFileSync(this.path, `${JSON.stringify(happened)}\n`);
  }

  all(): Effect[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => effect.parse(JSON.parse(line)));
  }
}
