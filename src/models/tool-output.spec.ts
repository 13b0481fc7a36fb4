import { describe, expect, it } from '@jest/globals';
import { outcomeOf, outputOf } from './tool-output.js';

describe('outputOf', () => {
  it('is read back as what the call gave', () => {
    const succeeded = { success: true, result: { total: '96.79' } };
    const failed = { success: false, error: { code: 'run_timeout' as const, message: 'Too slow.' } };
    expect(outcomeOf(outputOf(succeeded))).toEqual(succeeded);
    expect(outcomeOf(outputOf(failed))).toEqual(failed);
  });
});
