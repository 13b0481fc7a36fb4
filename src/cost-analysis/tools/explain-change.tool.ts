import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { changeReport } from './change-report.js';
import { changedUse, type Comparison } from './changed-use.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { DIMENSIONS, usageScopeSchema } from './usage-scope.js';

const moment = usageScopeSchema.shape.from.unwrap();
const schema = usageScopeSchema.extend({
  from: moment.describe('first moment of the period to explain, UTC'),
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

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

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
    const comparison = comparisonOf(input);
    const dimensions = DIMENSIONS.filter((dimension) => input.segment_by.includes(dimension));
    const changes = await changedUse(this.database.within(call.signal), this.context.tenantId, {
      comparison,
      dimensions,
      where: input.where,
    });
    return changeReport(factScope('explain_change', input, DEFAULTS), { comparison, dimensions, changes });
  }
}

/** By default as many whole weeks earlier as the period needs to end before it begins: weekdays are compared with themselves. */
function comparisonOf({ from, to, compare_from: compareFrom, compare_to: compareTo }: Input): Comparison {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const back = Math.max(1, Math.ceil((end - start) / WEEK_MS)) * WEEK_MS;
  const beforeStart = compareFrom === undefined ? start - back : Date.parse(compareFrom);
  const beforeEnd = compareTo === undefined ? beforeStart + (end - start) : Date.parse(compareTo);
  return {
    before: { from: new Date(beforeStart), to: new Date(beforeEnd) },
    after: { from: new Date(start), to: new Date(end) },
  };
}
