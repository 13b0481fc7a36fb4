import type { ApproveToolFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** No tool asks for approval, so no call can be waiting for one: a run of the user's own is always in the wrong state. */
@Injectable()
export class ApproveToolHandler implements FrameHandler<'approve_tool'> {
  constructor(private readonly database: Database) {}

  async handle(frame: ApproveToolFrame, caller: Caller): Promise<never> {
    if (!(await this.isOwnRun(caller.identity, frame.run_id))) {
      throw new AppError('run_not_found', 'There is no such run.');
    }
    throw new AppError('invalid_state', 'This tool call is not waiting for an approval.');
  }

  /** Uses run_pkey. */
  private async isOwnRun(scope: UserScope, runId: string): Promise<boolean> {
    if (!isId(runId)) return false;
    const row = await this.database.row<{ id: string }>(
      `SELECT id FROM run WHERE id = $1 AND tenant_id = $2 AND user_id = $3`,
      [runId, scope.tenantId, scope.userId],
    );
    return row !== undefined;
  }
}
