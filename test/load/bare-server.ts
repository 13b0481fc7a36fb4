/**
 * The yardstick: a `ws` server that does nothing but send recorded frames. Parameter: the file of a RecordedRun. It keeps nothing, knows
 * nobody and computes nothing, so that it shows what the sockets, the kernel and the load generator cost alone.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { z } from 'zod';

const recordedRun = z.object({ onOpen: z.array(z.string()), onMessage: z.array(z.string()) });

const { onOpen, onMessage } = recordedRun.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const http = createServer();
const sockets = new WebSocketServer({ server: http, path: '/ws', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', () => {
    for (const frame of onMessage) socket.send(frame);
  });
  for (const frame of onOpen) socket.send(frame);
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`ready at http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
