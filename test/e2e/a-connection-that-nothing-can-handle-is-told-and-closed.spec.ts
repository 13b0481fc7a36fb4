import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SubscriptionFactory } from '../../src/events/subscription-factory.js';
import { TestServer } from '../support/server.js';

describe('a connection that nothing can handle', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  it('gets engine_init_failed with an error_id, then 1011, and the next one works', async () => {
    const { token } = await server.register();
    const headers = { authorization: `Bearer ${token}` };
    jest.spyOn(server.get(SubscriptionFactory), 'create').mockImplementationOnce(() => {
      throw new Error('a detail that users must not see');
    });
    const broken = await server.socket('', { headers });
    const error = await broken.next('error');
    expect(error).toMatchObject({ code: 'engine_init_failed', retryable: true, error_id: expect.any(String) });
    expect(JSON.stringify(error)).not.toContain('a detail');
    expect(await broken.end()).toMatchObject({ code: 1011 });
    const next = await server.socket('', { headers });
    expect(await next.next('connection_ready')).toMatchObject({ mode: 'full' });
  });
});
