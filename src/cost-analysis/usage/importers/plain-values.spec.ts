import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainIsoTime } from './plain-values.js';

describe('plainIsoTime', () => {
  const moment = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

  it('reads what a date writes', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom('T', ' '), fc.constantFrom('Z', ''), (date, mark, zone) => {
        const text = date.toISOString().replace('T', mark).replace('Z', zone);
        expect(plainIsoTime(text)).toBe(date.getUTCDate() > 28 ? undefined : date.getTime());
      }),
      { seed: 3 },
    );
  });

  it.each([
    ['2026-01-02T03:04:05', 0],
    ['2026-01-02T03:04:05Z', 0],
    ['2026-01-02T03:04:05.5Z', 500],
    ['2026-01-02T03:04:05.29', 290],
    ['2026-01-02 03:04:05.999999999Z', 999],
  ])('reads %s', (text, milliseconds) => {
    expect(plainIsoTime(text)).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) + milliseconds);
  });

  it.each([
    '2026-01-02',
    '2026-01-02T03:04',
    '2026-01-02T03:04:05+02:00',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T03:04:05,5Z',
    '2026-01-02T03:04:05.5 Z',
    '2026-02-30T03:04:05Z',
    '2026-13-02T03:04:05Z',
    '2026-01-00T03:04:05Z',
    '2026-01-02T24:04:05Z',
    '2026-01-02T03:60:05Z',
    '2026-01-02x03:04:05Z',
    '2026-01-02T03:04:0xZ',
    ' 026-01-02T03:04:05Z',
    '2026-01-02T03:04:05ZZ',
    '',
  ])('leaves %s to others', (text) => expect(plainIsoTime(text)).toBeUndefined());
});
