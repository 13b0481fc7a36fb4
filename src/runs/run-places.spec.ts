import { describe, expect, it } from '@jest/globals';
import { RunPlaces } from './run-places.js';

describe('the places for runs', () => {
  it('are never more than there are, and whoever waits is told of one that was left', async () => {
    const places = new RunPlaces(2);
    expect([places.tryTake(), places.areFull, places.tryTake(), places.tryTake()]).toEqual([true, false, true, false]);
    expect([places.taken, places.areFull]).toEqual([2, true]);
    const told: string[] = [];
    const waiting = places.free().then((isFree) => told.push(`free: ${isFree}`));
    await Promise.resolve();
    expect(told).toEqual([]);
    places.leave();
    await waiting;
    expect([told, places.taken]).toEqual([['free: true'], 1]);
    expect([await places.free(), places.taken, places.tryTake()]).toEqual([true, 1, true]);
  });

  it('are not given any more once closed, to those who wait neither', async () => {
    const places = new RunPlaces(1);
    places.tryTake();
    const waiting = places.free();
    places.close();
    expect([await waiting, await places.free(), places.tryTake()]).toEqual([false, false, false]);
    places.leave();
    expect([places.taken, await places.free(), places.tryTake()]).toEqual([0, false, false]);
    places.open();
    expect([places.tryTake(), places.taken]).toEqual([true, 1]);
  });
});
