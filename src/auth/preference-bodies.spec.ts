import { describe, expect, it } from '@jest/globals';
import { preferencesBody } from './preference-bodies.js';

const isAccepted = (name: string): boolean => preferencesBody.safeParse({ time_zone: name }).success;

describe('the time zone that a user prefers', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('is %s', (name) => {
    expect(isAccepted(name)).toBe(true);
  });

  it.each(['IST', 'BST', 'PST', 'EST', '+02:00', 'Europe/Atlantis', 'SystemV/EST5', ''])(
    'is not %j, which PostgreSQL takes for another or none',
    (name) => {
      expect(isAccepted(name)).toBe(false);
    },
  );
});
