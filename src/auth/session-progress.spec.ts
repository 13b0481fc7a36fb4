import { describe, expect, it } from '@jest/globals';
import { SessionProgress } from './session-progress.js';

const entries = (progress: SessionProgress) => Object.fromEntries(progress.positions);

describe('the progress of a session', () => {
  it('keeps the highest acknowledgement, and a followed thread without one', () => {
    const progress = new SessionProgress();
    progress.follow('a');
    progress.acknowledge('b', 7);
    progress.acknowledge('b', 3);
    progress.follow('b');
    expect(entries(progress)).toEqual({ a: null, b: 7 });
  });

  it('forgets what is unfollowed, until it is followed again', () => {
    const progress = new SessionProgress();
    progress.acknowledge('a', 2);
    progress.unfollow('a');
    expect([entries(progress), [...progress.unfollowed]]).toEqual([{}, ['a']]);
    progress.follow('a');
    expect([entries(progress), [...progress.unfollowed]]).toEqual([{ a: null }, []]);
  });

  it('takes back what could not be stored, and what came since counts more', () => {
    const [earlier, later] = [new SessionProgress(), new SessionProgress()];
    earlier.followsAll = true;
    earlier.acknowledge('a', 5);
    earlier.acknowledge('b', 5);
    earlier.follow('c');
    earlier.unfollow('d');
    later.acknowledge('a', 9);
    later.unfollow('b');
    later.follow('d');
    later.restore(earlier);
    expect(entries(later)).toEqual({ a: 9, c: null, d: null });
    expect([[...later.unfollowed], later.followsAll]).toEqual([['b'], true]);
  });

  it('holds no more than its bound, whatever a client follows', () => {
    const progress = new SessionProgress();
    for (let index = 0; index < 2_000; index += 1) {
      progress.follow(`thread-${index}`);
      progress.unfollow(`other-${index}`);
    }
    expect([progress.positions.size, progress.positions.has('thread-1999')]).toEqual([500, true]);
    expect(progress.unfollowed.size).toBe(500);
  });
});
