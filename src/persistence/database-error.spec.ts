import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors/app-error.js';
import { brokenConstraint, databaseError, hasSqlState } from './database-error.js';

const withCode = (code: string): Error => Object.assign(new Error('from the driver'), { code });

describe('databaseError', () => {
  it.each(['ECONNREFUSED', 'EAI_AGAIN', '08006', '53300', '57P01', '57P03'])(
    'takes %s for a database that is away',
    (code) => {
      const error = withCode(code);
      expect(databaseError(error)).toMatchObject({
        code: 'database_unavailable',
        retryable: true,
        retryAfterMs: 1_000,
        cause: error,
      });
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('takes "%s" for a database that is away', (message) => {
    expect(databaseError(new Error(message))).toMatchObject({ code: 'database_unavailable' });
  });

  it.each(['23505', '57014', '08P01', '40P01', '55P03', '28P01'])(
    'leaves %s as it is: waiting does not mend it',
    (code) => {
      const error = withCode(code);
      expect(databaseError(error)).toBe(error);
    },
  );

  it.each(['ENOENT', 'EAGAIN'])('takes %s for a database that is away when it is said of a socket', (code) => {
    const error = Object.assign(withCode(code), { syscall: 'connect' });
    expect(databaseError(error)).toMatchObject({ code: 'database_unavailable', cause: error });
    const ofFile = Object.assign(withCode(code), { syscall: 'open' });
    expect(databaseError(ofFile)).toBe(ofFile);
  });

  it('leaves an AppError of a transaction as it is', () => {
    const error = new AppError('database_unavailable', 'away');
    expect(databaseError(error)).toBe(error);
  });

  it('reads SQLSTATE and constraint of errors that are no instance of this Error', () => {
    const error = { code: '23505', constraint: 'user_account_email' };
    expect(hasSqlState(error, '23505')).toBe(true);
    expect(brokenConstraint(error)).toBe('user_account_email');
    expect(brokenConstraint(undefined)).toBeUndefined();
  });
});
