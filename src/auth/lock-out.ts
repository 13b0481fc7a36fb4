/** So many wrong passwords in a row are a person who forgot; more are somebody guessing. */
const FREE_FAILURES = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 900_000;

/** How long an address stays locked after its nth wrong password in a row: not, then a minute, doubling up to 15. */
export function lockMs(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_LOCK_MS * 2 ** (failures - FREE_FAILURES), LONGEST_LOCK_MS);
}
