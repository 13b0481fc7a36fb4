import { describe, expect, it } from '@jest/globals';
import { Deck, type Fault } from './fault.js';
import { Random } from './random.js';

const fault = (name: string, weight: number): Fault => ({ name, weight, strike: () => Promise.resolve(true) });
const FAULTS = [fault('often', 3), fault('seldom', 1)];

const drawn = (seed: number, draws: number): string[] => {
  const deck = new Deck(FAULTS, new Random(seed));
  return Array.from({ length: draws }, () => deck.draw().name);
};

describe('a deck of faults', () => {
  it('gives each fault as often as its weight says, before any comes once more', () => {
    const names = drawn(1, 40);
    for (let first = 0; first < names.length; first += 4) {
      expect([...names.slice(first, first + 4)].sort()).toEqual(['often', 'often', 'often', 'seldom']);
    }
  });

  it('is shuffled by the seed', () => {
    expect(drawn(1, 40)).toEqual(drawn(1, 40));
    expect(drawn(1, 40)).not.toEqual(drawn(2, 40));
  });
});
