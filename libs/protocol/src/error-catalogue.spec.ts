import { describe, expect, it } from '@jest/globals';
import { CLOSE_CODES, reconnectPolicy } from './close-codes.js';
import { ERROR_CATALOGUE, type ErrorCode, isErrorCode, isRetryable } from './error-catalogue.js';

/** The table of the protocol, by code: HTTP status, close code, retryable. */
const TABLE = {
  auth_required: [401, 4401, false],
  auth_timeout: [401, 4401, false],
  token_invalid: [401, 4401, 'after_renewal'],
  token_expired: [401, 4401, 'after_renewal'],
  token_revoked: [401, 4401, 'after_renewal'],
  token_in_query: [401, 4401, 'after_renewal'],
  ticket_invalid: [401, 4401, 'after_renewal'],
  user_mismatch: [403, null, false],
  forbidden: [403, null, false],
  origin_not_allowed: [403, null, false],
  invalid_json: [400, null, false],
  invalid_frame: [400, null, false],
  unknown_type: [400, null, false],
  validation_failed: [400, null, false],
  message_too_large: [413, null, false],
  too_many_early_frames: [null, 4400, false],
  thread_not_found: [404, null, false],
  run_not_found: [404, null, false],
  not_found: [404, null, false],
  cursor_ahead: [409, null, false],
  log_changed: [409, null, false],
  message_id_conflict: [409, null, false],
  thread_busy: [409, null, true],
  invalid_state: [409, null, false],
  queue_full: [429, null, true],
  rate_limited: [429, null, true],
  too_many_connections: [429, 4409, true],
  slow_consumer: [null, 4408, true],
  database_unavailable: [503, null, true],
  service_unavailable: [503, null, true],
  server_draining: [503, null, true],
  model_unavailable: [502, null, true],
  tool_failed: [502, null, false],
  run_timeout: [504, null, true],
  run_dead: [502, null, false],
  outcome_unknown: [502, null, false],
  engine_init_failed: [500, null, true],
  internal: [500, null, true],
} satisfies Record<ErrorCode, [number | null, number | null, boolean | 'after_renewal']>;

describe('the error catalogue', () => {
  it('is the table of the protocol', () => {
    const rows = Object.entries(ERROR_CATALOGUE).map(([code, entry]) => [
      code,
      [entry.httpStatus, entry.closeCode, entry.retryable],
    ]);
    expect(Object.fromEntries(rows)).toEqual(TABLE);
  });

  it('describes every code', () => {
    for (const entry of Object.values(ERROR_CATALOGUE)) expect(entry.description.length).toBeGreaterThan(10);
  });

  it('closes only with codes that exist', () => {
    const known: number[] = Object.values(CLOSE_CODES);
    const used = Object.values(ERROR_CATALOGUE).flatMap((entry) => [
      entry.closeCode,
      'escalatesTo' in entry ? entry.escalatesTo : null,
    ]);
    expect(used.filter((code) => code !== null && !known.includes(code))).toEqual([]);
  });

  it('knows its codes, and nothing of the prototype', () => {
    expect(isErrorCode('internal')).toBe(true);
    for (const value of ['constructor', '__proto__', 'nonsense', '', 7, null, undefined]) {
      expect(isErrorCode(value)).toBe(false);
    }
  });

  it('says retryable on the wire only for what works unchanged', () => {
    expect([isRetryable('queue_full'), isRetryable('forbidden'), isRetryable('token_expired')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the reconnect policy', () => {
  it.each([
    [4400, 'never'],
    [4403, 'never'],
    [4401, 'new_token'],
    [4409, 'back_off'],
    [4429, 'back_off'],
    [1000, 'resume'],
    [1001, 'resume'],
    [1006, 'resume'],
    [1009, 'resume'],
    [1011, 'resume'],
    [1012, 'resume'],
    [4408, 'resume'],
    [4999, 'resume'],
  ])('after %i is %s', (closeCode, policy) => {
    expect(reconnectPolicy(closeCode)).toBe(policy);
  });
});
