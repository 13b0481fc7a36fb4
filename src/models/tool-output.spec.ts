import { describe, expect, it } from '@jest/globals';
import { outcomeOf, outputOf } from './tool-output.js';

describe('outputOf', () => {
  it('is read back as what the call gave', () => {
    const succeeded = { success: true, result: { total: '96.79' } };
    const failed = { success: false, error: { code: 'run_timeout' as const, message: 'Too slow.' } };
    expect(outcomeOf(outputOf(succeeded))).toEqual(succeeded);
    expect(outcomeOf(outputOf(failed))).toEqual(failed);
  });

  it('has its result at hand, the same one, and none of it in a clone', () => {
    const result = { total: '96.79' };
    const output = outputOf({ success: true, result });
    expect('value' in output && output.value).toBe(result);
    expect(structuredClone(output)).toEqual({ type: 'json' });
  });
});
