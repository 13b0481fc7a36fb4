import { describe, expect, it } from '@jest/globals';
import { OncePerScope } from './once-per-scope.js';

const signal = new AbortController().signal;

describe('what is read once', () => {
  it('is shared by all that ask for the same scope, and by nobody else', async () => {
    let reads = 0;
    const once = new OncePerScope(() => Promise.resolve((reads += 1)));
    const answers = [once.in({}, signal), once.in({}, signal), once.in({ from: '2025-01-01' }, signal)];
    expect(await Promise.all(answers)).toEqual([1, 1, 2]);
    expect(await once.in({}, signal)).toBe(1);
  });

  it('is read again by a call that waited for one that was stopped', async () => {
    const stopped = new AbortController();
    const once = new OncePerScope((_, asker) =>
      asker.aborted ? Promise.reject(new Error('stopped')) : Promise.resolve('read'),
    );
    stopped.abort();
    const answers = await Promise.allSettled([once.in({}, stopped.signal), once.in({}, signal)]);
    expect(answers).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'read' }]);
  });
});
