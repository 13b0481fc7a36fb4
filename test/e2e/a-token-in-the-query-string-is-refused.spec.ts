import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a token in the query string', () => {
  it.each(['token', 'access_token'])('is refused as ?%s=, even where a good one is beside it', async (name) => {
    const headers = { authorization: `Bearer ${user.token}` };
    for (const options of [{}, { headers }]) {
      const client = await server.socket(`?${name}=${user.token}`, options);
      expect(await client.next('error')).toMatchObject({ code: 'token_in_query' });
      expect(await client.end()).toEqual({ code: 4401, reason: 'token_in_query' });
    }
  });
});
