import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

/** A ping of exactly so many bytes of UTF-8, in characters of two bytes. */
function pingOf(bytes: number, id: string): string {
  const head = `{"type":"ping","id":"${id}","x":"`;
  const rest = bytes - head.length - 2;
  return `${head}${'é'.repeat(Math.floor(rest / 2))}${'x'.repeat(rest % 2)}"}`;
}

describe('a frame', () => {
  it('of exactly 8192 bytes passes, one of 8193 is refused and the connection stays up', async () => {
    const client = await server.connect(user);
    client.sendText(pingOf(8192, 'fits'));
    expect(await client.next('pong')).toMatchObject({ in_reply_to: 'fits' });
    client.sendText(pingOf(8193, 'over'));
    expect(await client.next('error')).toMatchObject({
      code: 'message_too_large',
      retryable: false,
      in_reply_to: 'over',
      details: { bytes: 8193, max_bytes: 8192 },
    });
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    client.close();
  });

  it('over 256 KiB ends the connection with 1009', async () => {
    const client = await server.connect(user);
    client.sendText('x'.repeat(256 * 1024 + 1));
    expect(await client.end()).toMatchObject({ code: 1009 });
  });
});
