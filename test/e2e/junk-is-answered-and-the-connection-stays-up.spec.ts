import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const JUNK: [code: string, text: string][] = [
  ['invalid_json', ''],
  ['invalid_json', '{"type":"ping"'],
  ['invalid_json', 'hello'],
  ['invalid_frame', 'null'],
  ['invalid_frame', '42'],
  ['invalid_frame', '"ping"'],
  ['invalid_frame', '[{"type":"ping"}]'],
  ['invalid_frame', '{}'],
  ['invalid_frame', '{"type":null}'],
  ['invalid_frame', `{"type":"ping","x":${'['.repeat(2000)}${']'.repeat(2000)}}`],
  ['unknown_type', '{"type":"nonsense"}'],
  ['unknown_type', '{"type":"__proto__"}'],
  ['unknown_type', '{"type":"constructor","__proto__":{"type":"ping"}}'],
  ['validation_failed', '{"type":"user_message","__proto__":{"text":"hello"}}'],
];

describe('junk', () => {
  it('is answered with what is wrong with it, and the connection stays up', async () => {
    const client = await server.connect(user);
    for (const [code, text] of JUNK) {
      client.sendText(text);
      expect(await client.next('error')).toMatchObject({ code, retryable: false, message: expect.any(String) });
    }
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect(await client.next('error')).toMatchObject({ code: 'invalid_frame' });
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    expect(client.closed).toBeUndefined();
    client.close();
  });
});
