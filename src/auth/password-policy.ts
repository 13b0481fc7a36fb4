import { fieldRefused } from '../errors/validation-failed.js';
import { COMMON_PASSWORDS } from './common-passwords.js';

export const PASSWORD_LENGTH_MIN = 12;
/** Hashing takes time in proportion to length; nobody types more. */
export const PASSWORD_LENGTH_MAX = 256;

const DIGITS = '01234567890';
const DISTINCT_CHARACTERS_MIN = 4;

/** What is wrong with a new password; undefined when it may be used. Lengths are in characters, not bytes. */
export function passwordProblem(password: string, email: string): string | undefined {
  const { length } = Array.from(password);
  if (length < PASSWORD_LENGTH_MIN) return `must have at least ${PASSWORD_LENGTH_MIN} characters`;
  if (length > PASSWORD_LENGTH_MAX) return `must have at most ${PASSWORD_LENGTH_MAX} characters`;
  const lower = password.trim().toLowerCase();
  if (lower === email || lower === email.split('@')[0]) return 'must not be the e-mail address';
  if (COMMON_PASSWORDS.has(lower) || isTrivial(lower)) return 'is one of the most common passwords';
  return undefined;
}

/** Throws AppError validation_failed when the password may not be used. */
export function requireGoodPassword(field: string, password: string, email: string): void {
  const problem = passwordProblem(password, email);
  if (problem !== undefined) throw fieldRefused(field, problem);
}

/** Few different characters, or counting up or down: the lists of leaked passwords hold them in every length. */
function isTrivial(password: string): boolean {
  if (new Set(password).size < DISTINCT_CHARACTERS_MIN) return true;
  const counted = DIGITS.repeat(Math.ceil(password.length / DIGITS.length) + 1).replaceAll('00', '0');
  return counted.includes(password) || counted.includes(Array.from(password).reverse().join(''));
}
