import { z } from 'zod';
import { callRest, RestError } from './rest.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

const tokens = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });
type Tokens = z.output<typeof tokens>;

const UNAUTHORISED = 401;
/** A token is renewed when less than this part of its life is left. */
const RENEWAL_PART = 0.2;

/** A signed-in user who always has a token that is still good. */
export class Account {
  private renewAtMs = 0;

  private constructor(
    private readonly url: string,
    private tokens: Tokens,
  ) {
    this.keep(tokens);
  }

  /** Undefined: no such user, or another password. */
  static async signIn(url: string, credentials: Credentials): Promise<Account | undefined> {
    try {
      return new Account(url, await post(`${url}/api/auth/login`, credentials));
    } catch (error) {
      if (error instanceof RestError && error.status === UNAUTHORISED) return undefined;
      throw error;
    }
  }

  static async register(url: string, credentials: Credentials): Promise<Account> {
    return new Account(url, await post(`${url}/api/auth/register`, credentials));
  }

  async token(): Promise<string> {
    if (performance.now() >= this.renewAtMs) {
      this.keep(await post(`${this.url}/api/auth/refresh`, { refresh_token: this.tokens.refresh_token }));
    }
    return this.tokens.access_token;
  }

  private keep(fresh: Tokens): void {
    this.tokens = fresh;
    this.renewAtMs = performance.now() + fresh.expires_in * 1_000 * (1 - RENEWAL_PART);
  }
}

const post = (url: string, json: object): Promise<Tokens> => callRest(url, tokens, { method: 'POST', json });
