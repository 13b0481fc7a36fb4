import { describe, expect, it } from '@jest/globals';
import { pause } from './pause.js';

describe('pause', () => {
  it('ends', async () => {
    await expect(pause(0, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('rejects with the reason of the signal at once', async () => {
    const controller = new AbortController();
    const waiting = pause(60_000, controller.signal);
    controller.abort(new Error('cancelled by the user'));
    await expect(waiting).rejects.toThrow('cancelled by the user');
  });
});
