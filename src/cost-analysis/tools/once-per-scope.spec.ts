import { describe, expect, it } from '@jest/globals';
import { OncePerScope } from './once-per-scope.js';

const signal = new AbortController().signal;

describe('what is read once', () => {
  it('is shared by all that ask for the same scope, and by nobody else', async () => {
    let reads = 0;
    const once = new OncePerScope(() => Promise.resolve((reads += 1)));
    const scopes = [{}, {}, { from: '2025-01-01' }, { from: '2025-01-01', time_zone: 'Asia/Tokyo' }];
    expect(await Promise.all(scopes.map((scope) => once.in(scope, signal)))).toEqual([1, 1, 2, 3]);
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
