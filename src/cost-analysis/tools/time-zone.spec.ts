import { describe, expect, it } from '@jest/globals';
import { dayOfMoment, momentOf, timeZone } from './time-zone.js';

describe('days of a time zone', () => {
  it.each([
    ['2026-08-11', 'UTC', '2026-08-11T00:00:00.000Z'],
    ['2026-08-11', 'Europe/Berlin', '2026-08-10T22:00:00.000Z'],
    ['2026-01-11', 'Europe/Berlin', '2026-01-10T23:00:00.000Z'],
    ['2026-08-11', 'America/Los_Angeles', '2026-08-11T07:00:00.000Z'],
    ['2026-08-11', 'Asia/Kolkata', '2026-08-10T18:30:00.000Z'],
    ['2026-08-11', 'Pacific/Kiritimati', '2026-08-10T10:00:00.000Z'],
    // The clocks change that day; in Beirut at midnight, which is left out.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
    ['2026-08-11T05:00:00Z', 'Europe/Berlin', '2026-08-11T05:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, moment) => {
    expect(momentOf(day, zone)).toBe(moment);
  });

  it.each([
    ['2026-08-10T22:00:00Z', 'Europe/Berlin', '2026-08-11'],
    ['2026-08-10T21:59:59.999Z', 'Europe/Berlin', '2026-08-10'],
    ['2026-08-11T06:59:59Z', 'America/Los_Angeles', '2026-08-10'],
    ['2026-08-11T06:59:59Z', 'UTC', '2026-08-11'],
  ])('%s is in %s on %s', (moment, zone, day) => {
    expect(dayOfMoment(new Date(moment), zone)).toBe(day);
  });

  it.each(['+02:00', "UTC'; DROP TABLE run; --", 'Europe/Atlantis', 'SystemV/EST5', ''])(
    'no zone is called %j',
    (name) => {
      expect(timeZone.safeParse(name).success).toBe(false);
    },
  );

  it.each([
    ['IST', 'Asia/Calcutta'],
    ['PST', 'America/Los_Angeles'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ])('%s is called %s, which means the same to PostgreSQL', (name, zone) => {
    expect(timeZone.parse(name)).toBe(zone);
  });
});
