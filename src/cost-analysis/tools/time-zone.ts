import { z } from 'zod';

export const UTC = 'UTC';

/** Letters first: an offset like "+02:00" means its opposite to PostgreSQL, and knows no summer. "SystemV/…" is unknown to it. */
const ZONE = /^(?!SystemV)[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => ZONE.test(name) && zoneNamed(name) !== undefined, 'not the name of a time zone')
  .overwrite((name) => zoneNamed(name) ?? name);

/** Letters like "IST" mean another zone to PostgreSQL: the zone that they mean here, by its region and place. Undefined: there is none. */
function zoneNamed(name: string): string | undefined {
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return zone === UTC || !name.includes('/') ? zone : name;
  } catch {
    return undefined;
  }
}

/** A bare day (YYYY-MM-DD) is its midnight in the zone; anything else says its moment itself. As ISO 8601. */
export const momentOf = (text: string, zone: string): string =>
  text.includes('T') ? new Date(text).toISOString() : momentOfCivil(Date.parse(text), zone).toISOString();

/** What the zone's clocks show then, as if it were UTC: a bare day is itself, also where its midnight is left out. As ISO 8601. */
export const shownAt = (text: string, zone: string): string =>
  new Date(text.includes('T') ? civilMs(Date.parse(text), zone) : Date.parse(text)).toISOString();

/** What the zone's clocks show at a moment, as if it were UTC: days are counted in it without regard to changes of the clocks. */
export const civilMs = (moment: number, zone: string): number => moment + offsetMs(moment, zone);

/** The moment at which the zone's clocks show this; where they leave it out, the first one after it. */
export function momentOfCivil(civil: number, zone: string): Date {
  if (zone === UTC) return new Date(civil);
  // The offset at the moment itself may differ from the one a guess away.
  const guess = civil - offsetMs(civil, zone);
  const moment = civil - offsetMs(guess, zone);
  return new Date(offsetMs(moment, zone) === offsetMs(guess, zone) ? moment : Math.max(moment, guess));
}

/** How far the zone's clocks are ahead of UTC at this moment. */
function offsetMs(moment: number, zone: string): number {
  if (zone === UTC) return 0;
  const parts = Object.fromEntries(
    clock(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

const clock = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

/** The calendar day on which a moment falls in the zone, YYYY-MM-DD. */
export const dayOfMoment = (moment: Date, zone: string): string =>
  new Date(civilMs(moment.getTime(), zone)).toISOString().slice(0, 10);
