import { describe, expect, it } from '@jest/globals';
import { RunPlaces } from './run-places.js';

describe('the places for runs', () => {
  it('are never more than there are, and go to who waits by priority, then by arrival', async () => {
    const places = new RunPlaces(2);
    expect([places.tryTake(), places.tryTake(), places.tryTake()]).toEqual([true, true, false]);
    const order: string[] = [];
    const waiting = (
      [
        ['first', 2],
        ['second', 2],
        ['urgent', 1],
      ] as const
    ).map(([name, priority]) => places.take(priority).then((hasPlace) => order.push(`${name} ${hasPlace}`)));
    expect([places.taken, places.waiting]).toEqual([2, 3]);
    for (let leaving = 0; leaving < 3; leaving += 1) places.leave();
    await Promise.all(waiting);
    expect(order).toEqual(['urgent true', 'first true', 'second true']);
    places.leave();
    places.leave();
    expect([places.taken, places.tryTake()]).toEqual([0, true]);
  });

  it('are not given any more once closed, to those who wait neither', async () => {
    const places = new RunPlaces(1);
    places.tryTake();
    const waiting = places.take(2);
    places.close();
    expect([await waiting, await places.take(2), places.tryTake()]).toEqual([false, false, false]);
    places.leave();
    expect([places.taken, await places.take(2), places.tryTake()]).toEqual([0, false, false]);
    places.open();
    expect([places.tryTake(), places.taken]).toEqual([true, 1]);
  });
});
