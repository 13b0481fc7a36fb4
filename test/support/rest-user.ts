import { z } from 'zod';
import { PASSWORD } from './server.js';
import { SocketClient } from './socket.js';

/** Registers a user with a server in another process; answers the access token. */
export const registerAt = (url: string, email: string): Promise<string> => tokenFrom(`${url}/api/auth/register`, email);

/** Signs a registered user in at a server in another process; answers the access token. */
export const signInAt = (url: string, email: string): Promise<string> => tokenFrom(`${url}/api/auth/login`, email);

async function tokenFrom(url: string, email: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

/** A ready socket of a user at a server in another process. */
export async function connectAt(url: string, token: string, query = ''): Promise<SocketClient> {
  const socketUrl = `${url.replace('http', 'ws')}/ws${query}`;
  const client = await SocketClient.open(socketUrl, { headers: { authorization: `Bearer ${token}` } });
  await client.next('connection_ready');
  return client;
}

/** The gates of a scripted server in another process. */
export const gateAt = (url: string, name: string) => ({
  reached: () => fetch(`${url}/test/gates/${name}`),
  open: () => fetch(`${url}/test/gates/${name}`, { method: 'POST' }),
});
