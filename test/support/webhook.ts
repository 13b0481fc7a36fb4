import { once } from 'node:events';
import { createServer } from 'node:http';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';

/** A receiver of alerts. */
export interface Webhook {
  readonly url: string;
  readonly calls: readonly JsonObject[];
  close(): void;
}

/** One that answers with these statuses, one after the other, then with 200. 0: it never answers. */
export async function startWebhook(...statuses: number[]): Promise<Webhook> {
  const calls: JsonObject[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: unknown = JSON.parse(text);
      if (isJsonObject(body)) calls.push(body);
      const status = statuses.shift() ?? 200;
      if (status !== 0) response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/hook/secret`, calls, close };
}
