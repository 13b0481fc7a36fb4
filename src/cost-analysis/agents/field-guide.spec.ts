import { describe, expect, it } from '@jest/globals';
import { missingFields } from './field-guide.js';

describe('how to get a missing field', () => {
  it('depends on the source in use; core fields come first', () => {
    const [first, second] = missingFields(['team', 'model'], ['azure-trace', 'litellm']);
    expect(first).toMatchObject({ field: 'model', how: expect.stringContaining('price_as') });
    expect(second).toMatchObject({
      field: 'team',
      how: expect.stringContaining('virtual key'),
      enables: 'cost by team',
    });
  });

  it('falls back on the generic format', () => {
    expect(missingFields(['team'], ['unheard-of'])[0]?.how).toBe('add it in the generic format: team');
  });
});
