import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import type { LoopTool } from '../../src/models/loop-tools.js';
import type { Plan, PlannedResult } from '../../src/models/plan.js';

/** Notes how often it was called; gives back what it was asked. */
export function usageTool(
  answer: (parameters: JsonObject) => Partial<PlannedResult> = (parameters) => ({ result: { of: parameters } }),
) {
  const calls: { parameters: JsonObject; toolCallId: string | undefined }[] = [];
  const tool: LoopTool = {
    name: 'query_usage',
    description: 'Groups usage.',
    schema: z.object({ group_by: z.enum(['model', 'team']), days: z.number().default(7) }),
    call: (parameters, toolCallId) => {
      calls.push({ parameters, toolCallId });
      return Promise.resolve({ tool: 'query_usage', parameters, success: true, ...answer(parameters) });
    },
  };
  return { tool, calls };
}

/** Two calls, one after the other, then a text. */
export const byModelThenTeam: Plan = ({ calls }) => {
  if (calls.length === 0)
    return { reasoning: 'Models first.', calls: [{ tool: 'query_usage', parameters: { group_by: 'model' } }] };
  if (calls.length === 1)
    return { reasoning: 'Then teams.', calls: [{ tool: 'query_usage', parameters: { group_by: 'team' } }] };
  return { reasoning: 'All is there.', text: `Planned answer from ${calls.length} calls.` };
};

export const justText: Plan = ({ calls }) => ({
  reasoning: 'Summing up.',
  text: `Planned answer from ${calls.length} calls.`,
});
