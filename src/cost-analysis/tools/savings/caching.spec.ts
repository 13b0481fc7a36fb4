import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cacheOutcome, cacheRange } from './caching.js';

/** Femto-USD for a million tokens: $3, $0.30, $3.75 and $6 for a million. */
const ANTHROPIC = {
  input: 3_000_000_000_000_000n,
  cacheRead: 300_000_000_000_000n,
  cacheWrite5m: 3_750_000_000_000_000n,
  cacheWrite1h: 6_000_000_000_000_000n,
};
const OPENAI = { ...ANTHROPIC, cacheWrite5m: ANTHROPIC.input, cacheWrite1h: ANTHROPIC.input };

describe('what a prompt cache saves', () => {
  const traffic = { read: 1_000_000n, written: 2_000_000n, writtenOfUse: 400_000n };

  it('with free writes: reads × (input − read price)', () => {
    const outcome = cacheOutcome({ minutes5: traffic, hour1: traffic }, OPENAI);
    expect(outcome.style).toBe('free writes');
    expect(outcome.minutes5).toEqual({ everythingNano: 2_700_000_000n, selectedNano: 2_700_000_000n });
    expect(cacheRange(outcome)).toEqual({ lowNano: 1_350_000_000n, highNano: 2_700_000_000n });
  });

  it('with paid writes: less what writing costs more than sending', () => {
    const outcome = cacheOutcome({ minutes5: traffic, hour1: traffic }, ANTHROPIC);
    // 2.70 − 2 × 0.75, and 2.70 − 0.4 × 0.75; with one hour 2.70 − 2 × 3.
    expect(outcome.minutes5).toEqual({ everythingNano: 1_200_000_000n, selectedNano: 2_400_000_000n });
    expect(outcome.hour1.everythingNano).toBe(-3_300_000_000n);
    expect(cacheRange(outcome)).toEqual({ lowNano: 1_200_000_000n, highNano: 2_400_000_000n });
  });

  it('never exceeds what the tokens cost, and writing everything never beats choosing', () => {
    const tokens = fc.bigInt(0n, 10n ** 12n);
    fc.assert(
      fc.property(tokens, tokens, tokens, (read, of, rest) => {
        const all = { read, written: of + rest, writtenOfUse: of };
        const { minutes5, hour1 } = cacheOutcome({ minutes5: all, hour1: all }, ANTHROPIC);
        expect(
          minutes5.everythingNano <= minutes5.selectedNano && hour1.everythingNano <= minutes5.everythingNano,
        ).toBe(true);
        expect(minutes5.selectedNano <= (read + of + rest) * 3_000n).toBe(true);
      }),
    );
  });
});
