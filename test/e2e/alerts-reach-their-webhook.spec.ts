import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';
import { Alerts, type Alert } from '../../src/monitor/alerts.js';
import { Metrics } from '../../src/monitor/metrics.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

interface Receiver {
  readonly server: Server;
  readonly url: string;
  readonly calls: JsonObject[];
}

let receiver: Receiver;
let server: TestServer;

afterEach(async () => {
  await server.stop();
  receiver.server.closeAllConnections();
  receiver.server.close();
});

/** A webhook that gives these statuses, one after the other, then 200. 0: it never answers. */
async function receive(...statuses: number[]): Promise<Receiver> {
  const calls: JsonObject[] = [];
  const http = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: unknown = JSON.parse(text);
      if (isJsonObject(body)) calls.push(body);
      const status = statuses.shift() ?? 200;
      if (status !== 0) response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { server: http, url: `http://127.0.0.1:${port}/hook/secret`, calls };
}

const alert = (code: string): Alert => ({ kind: 'run_error', severity: 'warning', details: { code } });
const startWith = (url: string) => TestServer.start({ ALERT_WEBHOOK_URL: url });
const outcomes = async (): Promise<string> => (await server.get(Metrics).text()).body;

describe('an alert', () => {
  it('is posted as JSON, again after a failure, each in its turn', async () => {
    receiver = await receive(503, 429);
    server = await startWith(receiver.url);
    server.get(Alerts).raise(alert('first'));
    server.get(Alerts).raise(alert('second'));
    await until(() => receiver.calls.length === 4, { message: 'four calls', timeoutMs: 15_000 });
    expect(receiver.calls.map(({ details }) => details)).toEqual([
      ...Array.from({ length: 3 }, () => ({ code: 'first' })),
      { code: 'second' },
    ]);
    expect(new Set(receiver.calls.map((call) => call.alert_id)).size).toBe(2);
    expect(receiver.calls[0]).toMatchObject({ service: 'goldenpath', kind: 'run_error', severity: 'warning' });
    await until(async () => (await outcomes()).includes('goldenpath_alerts_total{outcome="delivered"} 2'), {
      message: 'both to be counted',
    });
  });

  it('is given up when it is refused; the next one still goes out', async () => {
    receiver = await receive(400);
    server = await startWith(receiver.url);
    server.get(Alerts).raise(alert('refused'));
    server.get(Alerts).raise(alert('taken'));
    await until(() => receiver.calls.length === 2, { message: 'two calls' });
    await until(async () => (await outcomes()).includes('goldenpath_alerts_total{outcome="failed"} 1'), {
      message: 'the refused one to be counted',
    });
  });

  it('beyond those that can wait is dropped, and a receiver that never answers holds up nothing else, not even the stop', async () => {
    receiver = await receive(0);
    server = await startWith(receiver.url);
    for (let count = 0; count < 102; count += 1) server.get(Alerts).raise(alert('flood'));
    expect(await outcomes()).toContain('goldenpath_alerts_total{outcome="dropped"} 1');
    expect((await server.call('GET', '/health')).status).toBe(200);
    await until(() => receiver.calls.length === 1, { message: 'the first call' });
  });
});
