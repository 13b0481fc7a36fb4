import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoldenpathClient } from '@goldenpath/client';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

/** By the time that another client is connected, the closed one has thrown what it had to throw: an uncaught error fails the test. */
async function connectAnother(): Promise<void> {
  const client = new GoldenpathClient({ url: server.url, token: user.token });
  await client.connect();
  client.close();
}

describe('a client on the sockets of Node throws nothing into the process when it is closed', () => {
  it('while it waits for its token', async () => {
    let give: (token: string) => void = () => undefined;
    const token = new Promise<string>((resolve) => {
      give = resolve;
    });
    const client = new GoldenpathClient({ url: server.url, token: () => token });
    const refused = expect(client.connect()).rejects.toMatchObject({ code: 'client_closed' });
    await setImmediate();
    client.close();
    give(user.token);
    await refused;
    await connectAnother();
  });

  it.each([0, 1, 2, 3])('%i turns of the event loop after connect', async (turns) => {
    const client = new GoldenpathClient({ url: server.url, token: user.token });
    const refused = expect(client.connect()).rejects.toMatchObject({ code: 'client_closed' });
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    client.close();
    await refused;
    await connectAnother();
  });
});
