import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';

const OPCODES = { text: 0x1, reserved: 0x3, close: 0x8, ping: 0x9 } as const;
const FIN = 0x80;
const MASKED = 0x80;
const ANSWER_TIMEOUT_MS = 10_000;

interface WireFrame {
  readonly first: number;
  readonly masked: boolean;
  /** What the header says; more than `payload` is a frame that never ends. */
  readonly length: number;
  readonly payload: Uint8Array;
}

/** What WebSocket does not allow: text that is no UTF-8, frames without mask, reserved bits, lengths that lie, plain noise. */
const noise: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc
    .record<WireFrame>({
      first: fc.oneof(
        fc.constantFrom(
          FIN | OPCODES.text,
          OPCODES.text,
          FIN | OPCODES.reserved,
          FIN | OPCODES.close,
          FIN | OPCODES.ping,
        ),
        fc.nat(255),
      ),
      masked: fc.boolean(),
      length: fc.oneof(fc.nat(120), fc.constantFrom(126, 65_536, 300_000, 2 ** 31, Number.MAX_SAFE_INTEGER)),
      payload: fc.oneof(fc.constant(new Uint8Array([0xc3, 0x28, 0xff, 0xfe])), fc.uint8Array({ maxLength: 120 })),
    })
    .map(bytesOf),
);

function bytesOf({ first, masked, length, payload }: WireFrame): Uint8Array {
  const mask = masked ? MASKED : 0;
  const header = length < 126 ? [first, mask | length] : [first, mask | 127];
  const size = Buffer.alloc(length < 126 ? 0 : 8);
  if (size.length > 0) size.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.from(header), size, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

/** Opens connections, sends each a piece of noise and leaves, now in the open, now with a reset. */
export async function makeNoise(
  httpUrl: string,
  token: string,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  for (const [index, bytes] of fc.sample(noise, { seed, numRuns: count }).entries()) {
    const socket = await upgraded(httpUrl, token);
    socket.write(bytes);
    if (index % 2 === 0) socket.end();
    else socket.resetAndDestroy();
    await gone(socket);
  }
}

async function upgraded(httpUrl: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(httpUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const lines = [
    'GET /ws?follow=none HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Authorization: Bearer ${token}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.resume();
  return socket;
}

/** The server must not keep a line that its peer has given up. */
async function gone(socket: Socket): Promise<void> {
  if (socket.closed) return;
  await once(socket, 'close', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
}
