import { describe, expect, it } from '@jest/globals';
import { CostAnalysisPipeline } from './pipeline.js';

describe('the route of a question', () => {
  const pipeline = new CostAnalysisPipeline();

  it.each([
    ['sufficient', ['data', 'optimization', 'actions', 'report']],
    ['partial', ['data_helper', 'data', 'report']],
    ['insufficient', ['data_helper', 'report']],
  ])('with %s data', (sufficiency, route) => {
    expect(pipeline.route({ intent: 'overview', sufficiency })).toEqual(route);
  });

  it('always ends in a report', () => {
    expect(pipeline.route({ intent: 'unrelated', sufficiency: 'sufficient' })).toEqual(['report']);
    expect(pipeline.route({})).toEqual(['data_helper', 'data', 'report']);
    expect(pipeline.route({ error: { code: 'tool_failed' } }).at(-1)).toBe('report');
  });
});
