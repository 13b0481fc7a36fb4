import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { change, changeEffects, type ChangedSegment, type PeriodUse } from './change-effects.js';

const use = (costNano: bigint, tokens: number, requests: number | null): PeriodUse => ({ costNano, tokens, requests });
const nothing = use(0n, 0, 0);

describe('why spend changed', () => {
  it.each<[string, PeriodUse, Record<string, bigint>]>([
    ['twice the requests', use(2000n, 200, 20), { volume: 1000n }],
    ['requests of twice the length', use(2000n, 200, 10), { tokensPerRequest: 1000n }],
    ['twice the price', use(2000n, 100, 10), { price: 1000n }],
  ])('%s is one effect alone', (_, after, effect) => {
    const none = { volume: 0n, mix: 0n, tokensPerRequest: 0n, price: 0n, other: 0n };
    expect(changeEffects([{ before: use(1000n, 100, 10), after }])).toEqual({ basis: 'requests', ...none, ...effect });
  });

  it('a shift to the dearer model is mix, also when a model is new', () => {
    const [cheap, dear] = [use(100n, 100, 10), use(1000n, 100, 10)];
    const shifted = [
      { before: cheap, after: use(50n, 50, 5) },
      { before: dear, after: use(1500n, 150, 15) },
    ];
    expect(changeEffects(shifted)).toMatchObject({ volume: 0n, mix: 450n, price: 0n });
    expect(
      changeEffects([
        { before: cheap, after: nothing },
        { before: nothing, after: dear },
      ]),
    ).toMatchObject({ volume: 0n, mix: 900n });
  });

  it('two factors share what they cause together evenly', () => {
    // 1000 → 4000: each alone would add 1000, together 3000.
    expect(changeEffects([{ before: use(1000n, 100, 10), after: use(4000n, 200, 20) }])).toMatchObject({
      volume: 1500n,
      price: 1500n,
    });
  });

  it('counts in tokens where requests are unknown, and names cost without tokens', () => {
    const segments = [
      { before: use(1000n, 100, null), after: use(2000n, 200, null) },
      { before: nothing, after: use(70n, 0, null) },
    ];
    expect(changeEffects(segments)).toEqual({
      basis: 'tokens',
      volume: 1000n,
      mix: 0n,
      tokensPerRequest: 0n,
      price: 0n,
      other: 70n,
    });
  });

  it('puts all of it on volume when there was nothing before', () => {
    expect(changeEffects([{ before: nothing, after: use(5n, 5, 1) }])).toMatchObject({ volume: 5n, mix: 0n });
  });

  it('always adds up to the change', () => {
    const period = fc.record({
      costNano: fc.bigInt(0n, 10n ** 15n),
      tokens: fc.integer({ min: 0, max: 10 ** 9 }),
      requests: fc.option(fc.integer({ min: 0, max: 10 ** 6 })),
    });
    const segment: fc.Arbitrary<ChangedSegment> = fc.record({ before: period, after: period });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const { volume, mix, tokensPerRequest, price, other } = changeEffects(segments);
        expect(volume + mix + tokensPerRequest + price + other).toBe(change(segments));
      }),
    );
  });
});
