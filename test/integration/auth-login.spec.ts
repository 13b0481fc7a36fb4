import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';
import { AuthApp, errorOf, PASSWORD, refusalOf, tokensOf } from './auth-app.js';

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.close());

const MINUTE_MS = 60_000;
const WRONG = 'wrong horse battery';

async function fail(email: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await app.login(email, WRONG);
}

describe('login', () => {
  it('opens a session of its own each time, whatever the letters of the address', async () => {
    const { user } = await app.register('login@example.com');
    const first = await app.login('LOGIN@example.com');
    const second = await app.login('login@example.com');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(tokensOf(first).user.id).toBe(user.id);
    expect(tokensOf(first).refresh_token).not.toBe(tokensOf(second).refresh_token);
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  it('answers an unknown address, a wrong password and a disabled user alike', async () => {
    const { user } = await app.register('known@example.com');
    const wrong = await app.login('known@example.com', WRONG);
    const unknown = await app.login('unknown@example.com', WRONG);
    await app.database.execute('UPDATE user_account SET disabled_at = now() WHERE id = $1', [user.id]);
    const disabled = await app.login('known@example.com', PASSWORD);
    expect(refusalOf(wrong)).toEqual([401, 'auth_required']);
    expect([unknown.text, disabled.text]).toEqual([wrong.text, wrong.text]);
  });

  it('lets a user sign in many times at once', async () => {
    await app.register('crowd@example.com');
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.login('crowd@example.com')));
    expect(answers.map((answer) => answer.status)).toEqual(new Array(12).fill(200));
  });
});

describe('after five wrong passwords in a row', () => {
  it('the account is locked for a minute, for the right password too, then open again', async () => {
    await app.register('locked@example.com');
    await fail('locked@example.com', 5);
    const refused = await app.login('locked@example.com');
    expect(refusalOf(refused)).toEqual([429, 'rate_limited']);
    expect(errorOf(refused).retryable).toBe(true);
    expect(errorOf(refused).retry_after_ms).toBeGreaterThan(MINUTE_MS - 10_000);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    app.clock.forward(MINUTE_MS);
    expect((await app.login('locked@example.com')).status).toBe(200);
  });

  it('an address without an account is locked alike', async () => {
    await fail('nobody@example.com', 5);
    const refused = await app.login('nobody@example.com');
    expect(refusalOf(refused)).toEqual([429, 'rate_limited']);
    app.clock.forward(MINUTE_MS);
    expect(refusalOf(await app.login('nobody@example.com'))).toEqual([401, 'auth_required']);
  });

  it('the next lock is longer', async () => {
    await app.register('again@example.com');
    await fail('again@example.com', 5);
    app.clock.forward(MINUTE_MS);
    await fail('again@example.com', 1);
    expect(errorOf(await app.login('again@example.com')).retry_after_ms).toBeGreaterThan(MINUTE_MS);
  });

  it('a right one sent along with many guesses does not slip through', async () => {
    await app.register('guessed@example.com');
    const guesses = Array.from({ length: 40 }, () => app.login('guessed@example.com', WRONG));
    const failures = () =>
      app.database.row<{ count: number }>(
        "SELECT failed_logins AS count FROM user_account WHERE email = 'guessed@example.com'",
      );
    // One more locks the account, and the others stand in line before the right one.
    await until(async () => ((await failures())?.count ?? 0) >= 4, { message: 'four guesses are counted' });
    const right = await app.login('guessed@example.com', PASSWORD);
    expect(refusalOf(right)).toEqual([429, 'rate_limited']);
    await Promise.all(guesses);
  });
});

it('a right password forgives the wrong ones before it', async () => {
  await app.register('typo@example.com');
  await fail('typo@example.com', 4);
  expect((await app.login('typo@example.com')).status).toBe(200);
  await fail('typo@example.com', 4);
  expect((await app.login('typo@example.com')).status).toBe(200);
});
