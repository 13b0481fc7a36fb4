import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ThreadStream } from './thread-stream.js';

/** Longer than all that happens meanwhile takes. */
const STALL_MS = 500;
const EVENT = (id: number): string => `id: ${id}\nevent: x\ndata: {}\n\n`;

let server: Server;
let url: string;
/** The answer of which the reader has had the first event, when it has. */
let begun: ServerResponse;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(EVENT(0));
    begun = response;
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

/** Reads a stream, of which `then` gets the answer once its first event was read and the reader stands still. */
async function readStalled(then: (response: ServerResponse) => void): Promise<string[]> {
  const order: string[] = [];
  let stalled: Promise<void> | undefined;
  const stream = new ThreadStream(({ id }) => {
    order.push(`event ${id ?? ''}`);
    if (stalled !== undefined) return;
    stalled = stream.stall(STALL_MS);
    then(begun);
  });
  order.push(`over with ${await stream.read(url, 'token', 0)}`);
  await stalled;
  return order;
}

it('a stream that ends while its reader stands still is over when the reader has taken what came of it', async () => {
  const order = await readStalled((response) => {
    response.write(EVENT(1));
    // Once it is with the kernel, which gives it to the reader before it tells of the end.
    response.end(EVENT(2), () => response.socket?.destroySoon());
  });
  expect(order).toEqual(['event 0', 'event 1', 'event 2', 'over with 200']);
});

it('a stream that is cut while its reader stands still is over without it', async () => {
  const order = await readStalled((response) => response.destroy());
  expect(order).toEqual(['event 0', 'over with 200']);
});
