import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { changeReport } from './change-report.js';
import { changedUse } from './changed-use.js';
import { comparedPeriods, type DataExtent } from './compared-periods.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { civilTime } from './row-days.js';
import { UTC } from './time-zone.js';
import { DIMENSIONS, LAST_MOMENT, usageScopeSchema } from './usage-scope.js';

const moment = usageScopeSchema.shape.from.unwrap();
const schema = usageScopeSchema.extend({
  from: moment.describe('first moment of the period to explain'),
  to: moment.describe('its end, exclusive'),
  compare_from: moment
    .optional()
    .describe('first moment of the period to compare with; default: the same weekdays before'),
  compare_to: moment.optional().describe('its end, exclusive'),
  segment_by: z
    .array(z.enum(DIMENSIONS))
    .min(1)
    .max(3)
    .default(['model', 'feature'])
    .describe('what the mix is made of'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = { segment_by: ['model', 'feature'] };

@Tool({
  name: 'explain_change',
  description:
    'Why spend of one period differs from that of another: how much is due to volume, mix, tokens per request and price (Shapley values), and which models and features changed most.',
  schema,
  idempotent: true,
})
export class ExplainChangeTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const sql = this.database.within(call.signal);
    const timeZone = input.time_zone ?? UTC;
    const extent = await sql.row<DataExtent>(EXTENT, [this.context.tenantId, timeZone]);
    const { comparison, caveats } = comparedPeriods(input, extent);
    const dimensions = DIMENSIONS.filter((dimension) => input.segment_by.includes(dimension));
    const changes = await changedUse(sql, this.context.tenantId, {
      comparison,
      dimensions,
      where: input.where,
    });
    return changeReport(factScope('explain_change', input, DEFAULTS), {
      ...{ comparison, dimensions, changes, caveats, timeZone },
    });
  }
}

const shownAs = (moment: string): string => `${civilTime(moment, '$2::text')} AT TIME ZONE 'UTC'`;

/** Of everything the tenant has, whatever the question is limited to: a feature that is used no more did drop. Relies on usage_event_time. */
const EXTENT = `
  SELECT first, last FROM (SELECT
    (SELECT ${shownAs('ts_start')} FROM usage_event WHERE tenant_id = $1 AND counted ORDER BY ts_start LIMIT 1) AS first,
    (SELECT ${shownAs(LAST_MOMENT)} FROM usage_event WHERE tenant_id = $1 AND counted
     ORDER BY ts_start DESC, ts_end DESC NULLS LAST LIMIT 1) AS last) extent
  WHERE first IS NOT NULL`;
