import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ThreadStream } from './thread-stream.js';

const TOGETHER_MS = 300;

let server: Server;
let url: string;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 1000\n\n');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  url = `http://127.0.0.1:${address.port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('a stream that ends while its reader stands still is over when the reader has taken what came of it', async () => {
  const order: string[] = [];
  const stream = new ThreadStream(({ id }) => order.push(`event ${id ?? ''}`));
  let stalled: Promise<void> | undefined;
  answer = (response) => {
    setTimeout(() => {
      stalled = stream.stall(TOGETHER_MS);
      response.write('id: 1\nevent: x\ndata: {}\n\n');
      response.end('id: 2\nevent: x\ndata: {}\n\n', () =>
        setTimeout(() => response.socket?.destroy(), TOGETHER_MS / 3),
      );
    }, TOGETHER_MS / 3);
  };
  order.push(`over with ${await stream.read(url, 'token', 0)}`);
  await stalled;
  expect(order).toEqual(['event 1', 'event 2', 'over with 200']);
});

it('a stream that is cut while its reader stands still is over at once', async () => {
  const stream = new ThreadStream(() => undefined);
  answer = (response) => {
    setTimeout(() => {
      void stream.stall(TOGETHER_MS);
      response.destroy();
    }, TOGETHER_MS / 3);
  };
  expect(await stream.read(url, 'token', 0)).toBe(200);
});
