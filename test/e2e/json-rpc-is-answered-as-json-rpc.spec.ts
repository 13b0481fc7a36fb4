import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a JSON-RPC request', () => {
  it('is answered with the answer as its result', async () => {
    const client = await server.connect(user);
    client.send({ jsonrpc: '2.0', method: 'ping', id: 1 });
    expect(await client.next(({ id }) => id === 1)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { type: 'pong', server_time: expect.any(String) },
    });
    client.send({ jsonrpc: '2.0', method: 'create_thread', params: { title: 'by RPC' }, id: 'b' });
    expect(await client.next(({ id }) => id === 'b')).toMatchObject({
      result: { type: 'thread_created', thread: { title: 'by RPC' } },
    });
    client.close();
  });

  it('is answered with one of the five error codes, the error itself as its data', async () => {
    const client = await server.connect(user);
    const refused = async (text: string): Promise<unknown> => {
      client.sendText(text);
      return client.next(({ jsonrpc }) => jsonrpc === '2.0');
    };
    expect(await refused('{"jsonrpc":"2.0","method":"nonsense","id":1}')).toMatchObject({
      id: 1,
      error: { code: -32601, message: expect.any(String), data: { code: 'unknown_type', retryable: false } },
    });
    expect(await refused('{"jsonrpc":"2.0","method":"cancel_run","params":{},"id":2}')).toMatchObject({
      id: 2,
      error: { code: -32602, data: { code: 'validation_failed', details: { issues: [{ path: 'run_id' }] } } },
    });
    expect(await refused('{"jsonrpc":"2.0","id":3}')).toMatchObject({ id: 3, error: { code: -32600 } });
    expect(await refused('{"jsonrpc":"2.0","method":')).toMatchObject({ id: null, error: { code: -32700 } });
    expect(await refused('[{"jsonrpc":"2.0","method":"ping","id":4}]')).toMatchObject({
      id: null,
      error: { code: -32600 },
    });
    expect(await refused('{"jsonrpc":"2.0","method":"cancel_run","params":{"run_id":"x"},"id":5}')).toMatchObject({
      id: 5,
      error: { code: -32000, data: { code: 'run_not_found' } },
    });
    client.close();
  });

  it('without an id is done and not answered', async () => {
    const client = await server.connect(user);
    client.send({ jsonrpc: '2.0', method: 'create_thread', params: { title: 'notified' } });
    client.send({ jsonrpc: '2.0', method: 'nonsense' });
    const { data } = await client.ask({ type: 'list_threads' });
    expect(data).toContainEqual(expect.objectContaining({ title: 'notified' }));
    expect(client.frames.map(({ type }) => type)).toEqual(['connection_ready', 'threads']);
    client.close();
  });
});
