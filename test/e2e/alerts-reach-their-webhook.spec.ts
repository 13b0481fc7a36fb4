import { afterEach, describe, expect, it } from '@jest/globals';
import { Alerts, type Alert } from '../../src/monitor/alerts.js';
import { Metrics } from '../../src/monitor/metrics.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { startWebhook, type Webhook } from '../support/webhook.js';

let receiver: Webhook;
let server: TestServer;

afterEach(async () => {
  await server.stop();
  receiver.close();
});

const alert = (code: string): Alert => ({ kind: 'run_error', severity: 'warning', details: { code } });
const startWith = (url: string) => TestServer.start({ ALERT_WEBHOOK_URL: url });
const outcomes = async (): Promise<string> => (await server.get(Metrics).text()).body;

describe('an alert', () => {
  it('is posted as JSON, again after a failure, each in its turn', async () => {
    receiver = await startWebhook(503, 429);
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
    receiver = await startWebhook(400);
    server = await startWith(receiver.url);
    server.get(Alerts).raise(alert('refused'));
    server.get(Alerts).raise(alert('taken'));
    await until(() => receiver.calls.length === 2, { message: 'two calls' });
    await until(async () => (await outcomes()).includes('goldenpath_alerts_total{outcome="failed"} 1'), {
      message: 'the refused one to be counted',
    });
  });

  it('beyond those that can wait is dropped, and a receiver that never answers holds up nothing else, not even the stop', async () => {
    receiver = await startWebhook(0);
    server = await startWith(receiver.url);
    for (let count = 0; count < 102; count += 1) server.get(Alerts).raise(alert('flood'));
    expect(await outcomes()).toContain('goldenpath_alerts_total{outcome="dropped"} 1');
    expect((await server.call('GET', '/health')).status).toBe(200);
    await until(() => receiver.calls.length === 1, { message: 'the first call' });
  });
});
