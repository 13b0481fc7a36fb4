import { describe, expect, it } from '@jest/globals';
import { converse, modelLoop } from '../../test/support/model-loop.js';
import { byModelThenTeam, justText, usageTool } from '../../test/support/usage-tool.js';
import type { LoopTool } from './loop-tools.js';
import type { Plan, PlannedResult } from './plan.js';

describe('ModelLoop with the planner', () => {
  it('runs the plan: thoughts, tools, text', async () => {
    const { tool, calls } = usageTool();
    const heard = await converse(modelLoop().loop, { plan: byModelThenTeam, tools: [tool] });
    expect(heard.thoughts).toEqual([
      { reasoning: 'Models first.', step: 'query_usage' },
      { reasoning: 'Then teams.', step: 'query_usage' },
      { reasoning: 'All is there.', step: 'answer' },
    ]);
    expect(heard.outcome).toEqual({
      text: 'Planned answer from 2 calls.',
      calls: [
        {
          tool: 'query_usage',
          parameters: { group_by: 'model' },
          success: true,
          result: { of: { group_by: 'model' } },
        },
        { tool: 'query_usage', parameters: { group_by: 'team' }, success: true, result: { of: { group_by: 'team' } } },
      ],
      usage: { inputTokens: 0, outputTokens: 0, costNanoUsd: 0n, model: 'planner' },
      degraded: false,
      steps: 3,
    });
    expect(heard.shown).toBe(heard.outcome.text);
    expect(heard.notices).toEqual([]);
    expect(new Set(calls.map(({ toolCallId }) => toolCallId)).size).toBe(2);
  });

  it('runs the calls of one step in parallel', async () => {
    let running = 0;
    let most = 0;
    const tool: LoopTool = {
      ...usageTool().tool,
      call: async (parameters) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        await Promise.resolve();
        running -= 1;
        return { tool: 'query_usage', parameters, success: true, result: {} };
      },
    };
    const plan: Plan = (view) =>
      view.calls.length > 0
        ? justText(view)
        : {
            reasoning: '',
            calls: ['model', 'team'].map((group_by) => ({ tool: 'query_usage', parameters: { group_by } })),
          };
    const { outcome } = await converse(modelLoop().loop, { plan, tools: [tool] });
    expect(most).toBe(2);
    expect(outcome.calls.map(({ parameters }) => parameters.group_by)).toEqual(['model', 'team']);
  });

  it('shows the plan whole results, however long, and failed ones', async () => {
    const long = 'x'.repeat(200_000);
    const { tool } = usageTool(({ group_by }) =>
      group_by === 'model'
        ? { result: { long } }
        : { success: false, error: { code: 'tool_failed', message: 'Out of order.' } },
    );
    const seen: (readonly PlannedResult[])[] = [];
    const plan: Plan = (view) => {
      seen.push(view.calls);
      return byModelThenTeam(view);
    };
    await converse(modelLoop().loop, { plan, tools: [tool] });
    expect(seen.at(-1)).toMatchObject([
      { success: true, result: { long } },
      { success: false, error: { code: 'tool_failed', message: 'Out of order.' } },
    ]);
  });

  it('goes on from the calls of an earlier attempt and never makes them again', async () => {
    const { tool, calls } = usageTool();
    const resumed: PlannedResult[] = [
      { tool: 'query_usage', parameters: { group_by: 'model' }, success: true, result: { kept: true } },
    ];
    const { outcome } = await converse(modelLoop().loop, { plan: byModelThenTeam, tools: [tool], resumed });
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ group_by: 'team' }]);
    expect(outcome.calls).toHaveLength(2);
    expect(outcome.calls[0]).toEqual(resumed[0]);
  });

  it('ends a plan that goes in circles', async () => {
    const { tool, calls } = usageTool();
    const plan: Plan = () => ({ reasoning: '', calls: [{ tool: 'query_usage', parameters: { group_by: 'model' } }] });
    await expect(converse(modelLoop().loop, { plan, tools: [tool] })).rejects.toThrow('came to no end in 50 steps');
    expect(calls).toHaveLength(50);
  });

  it('rejects with what the plan throws', async () => {
    const plan: Plan = () => {
      throw new Error('a mistake in the plan');
    };
    await expect(converse(modelLoop().loop, { plan })).rejects.toThrow('a mistake in the plan');
  });

  it('ends with what a tool throws at once, whatever the other tools of the step do, and takes no further step', async () => {
    let finish = (): void => undefined;
    const slow: LoopTool = {
      ...usageTool().tool,
      name: 'slow',
      call: (parameters) =>
        new Promise((resolve) => {
          finish = () => resolve({ tool: 'slow', parameters, success: true, result: {} });
        }),
    };
    const broken: LoopTool = {
      ...usageTool().tool,
      call: () => Promise.reject(new Error('the run has another owner')),
    };
    let steps = 0;
    const plan: Plan = () => {
      steps += 1;
      const parameters = { group_by: 'model' };
      return { reasoning: '', calls: ['slow', 'query_usage'].map((tool) => ({ tool, parameters })) };
    };
    const running = converse(modelLoop().loop, { plan, tools: [slow, broken] });
    await expect(running).rejects.toThrow('another owner');
    finish();
    await new Promise(setImmediate);
    expect(steps).toBe(1);
  });

  it('rejects with what a tool throws: the run must not go on', async () => {
    const tool: LoopTool = { ...usageTool().tool, call: () => Promise.reject(new Error('the run has another owner')) };
    await expect(converse(modelLoop().loop, { plan: byModelThenTeam, tools: [tool] })).rejects.toThrow('another owner');
  });

  it('rejects with the reason as soon as the signal aborts, though a tool does not listen', async () => {
    const controller = new AbortController();
    const tool: LoopTool = {
      ...usageTool().tool,
      call: () => {
        // Later, when everybody waits for the tool.
        setImmediate(() => controller.abort(new Error('cancelled by the user')));
        return new Promise(() => undefined);
      },
    };
    const running = converse(modelLoop().loop, { plan: byModelThenTeam, tools: [tool], signal: controller.signal });
    await expect(running).rejects.toThrow('cancelled by the user');
  });

  it('starts nothing under a signal that has aborted', async () => {
    const { tool, calls } = usageTool();
    const running = converse(modelLoop().loop, {
      plan: byModelThenTeam,
      tools: [tool],
      signal: AbortSignal.abort(new Error('gone')),
    });
    await expect(running).rejects.toThrow('gone');
    expect(calls).toEqual([]);
  });
});
