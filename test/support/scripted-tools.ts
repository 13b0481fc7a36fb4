import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { Database } from '../../src/persistence/database.js';
import type { Sql } from '../../src/persistence/sql.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../src/tools/tool.decorator.js';
import { Gates } from './gates.js';

const line = z.object({ line: z.string(), gate: z.string().optional(), password: z.string().optional() });
type Line = z.infer<typeof line>;

/** What tools did in the world outside, and what can't be taken back. */
export const createSideEffects = (sql: Sql): Promise<number> =>
  sql.execute('CREATE TABLE side_effect (id serial PRIMARY KEY, run_id uuid, tool_call_id uuid, line text)');

export async function sideEffects(sql: Sql, runId: string): Promise<string[]> {
  const rows = await sql.rows<{ line: string }>('SELECT line FROM side_effect WHERE run_id = $1 ORDER BY id', [runId]);
  return rows.map((row) => row.line);
}

/** Injectable itself, so that its subclasses inherit what Nest knows of its constructor. */
@Injectable()
class LineTool implements ToolHandler<Line> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
    private readonly gates: Gates,
  ) {}

  /** Has its effect, then stands at its gate: whoever ends the process there leaves an effect without an outcome. */
  async execute({ line: text, gate }: Line, { toolCallId }: ToolCallContext): Promise<JsonObject> {
    await this.database.execute('INSERT INTO side_effect (run_id, tool_call_id, line) VALUES ($1, $2, $3)', [
      this.context.runId,
      toolCallId,
      text,
    ]);
    if (gate !== undefined) await this.gates.pass(gate);
    return { line: text };
  }
}

@Tool({ name: 'write_line', description: 'Writes a line, once more each time.', schema: line })
export class WriteLineTool extends LineTool {}

@Tool({ name: 'set_line', description: 'Writes a line; again makes no difference.', schema: line, idempotent: true })
export class SetLineTool extends LineTool {}

@Tool({ name: 'break', description: 'Throws.', schema: z.object({}) })
export class BreakTool implements ToolHandler {
  execute(): Promise<JsonObject> {
    return Promise.reject(new Error('a detail that users must not see'));
  }
}

@Tool({ name: 'garble', description: 'Gives what JSON can not hold.', schema: z.object({}) })
export class GarbleTool implements ToolHandler {
  execute(): Promise<JsonObject> {
    return Promise.resolve({ big: 1n } as unknown as JsonObject);
  }
}

/** A number as libraries for money keep it: JSON can hold what it says of itself, not what it is made of. */
class Amount {
  constructor(private readonly units: bigint) {}

  toJSON(): string {
    return this.units.toString();
  }
}

@Tool({ name: 'quote', description: 'Gives an amount that says itself how JSON holds it.', schema: z.object({}) })
export class QuoteTool implements ToolHandler {
  execute(): Promise<JsonObject> {
    return Promise.resolve({ amount: new Amount(42n), at: new Date(0) } as unknown as JsonObject);
  }
}

@Tool({ name: 'kill_server', description: 'Kills its own server.', schema: z.object({}), idempotent: true })
export class KillServerTool implements ToolHandler {
  execute(): Promise<JsonObject> {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  }
}

@Tool({ name: 'stall', description: 'Never ends, and does not listen.', schema: z.object({}) })
export class StallTool implements ToolHandler {
  execute(): Promise<JsonObject> {
    return new Promise(() => undefined);
  }
}

const seconds = z.object({ seconds: z.number() });

@Tool({ name: 'sleep_in_sql', description: 'Keeps PostgreSQL busy.', schema: seconds, idempotent: true })
export class SleepInSqlTool implements ToolHandler<z.infer<typeof seconds>> {
  constructor(private readonly database: Database) {}

  async execute(input: z.infer<typeof seconds>, call: ToolCallContext): Promise<JsonObject> {
    await this.database.within(call.signal).execute('SELECT pg_sleep($1) AS slept_for_a_test', [input.seconds]);
    return { slept: input.seconds };
  }
}

/** Sessions that SleepInSqlTool keeps busy at this moment. */
export async function sleepingSessions(sql: Sql): Promise<number> {
  const row = await sql.row<{ sessions: number }>(
    `SELECT count(*) AS sessions FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query LIKE '%slept_for_a_test%' AND pid <> pg_backend_pid()`,
  );
  return row?.sessions ?? 0;
}
