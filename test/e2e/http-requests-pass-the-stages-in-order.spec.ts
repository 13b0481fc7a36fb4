import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HTTP_STAGES } from '../../src/http-pipeline.js';
import { TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const ORIGIN = 'http://localhost:5173';

it('names the stages in the order in which a request passes them', () => {
  expect(HTTP_STAGES).toEqual([
    'request_context',
    'cors',
    'security_headers',
    'authentication',
    'rate_limits',
    'logging',
  ]);
});

it('answers a preflight before it asks for a token', async () => {
  const answer = await fetch(`${server.url}/api/threads`, {
    method: 'OPTIONS',
    headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
});

it('gives a refused request its id, its CORS answer and the security headers', async () => {
  const answer = await server.call('GET', '/api/threads', {
    headers: { origin: ORIGIN, 'x-request-id': 'request-0001' },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-request-id')).toBe('request-0001');
  expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

it('makes an id of its own where the given one is none, and lets no foreign origin in', async () => {
  const answer = await server.call('GET', '/health', {
    headers: { origin: 'https://evil.example', 'x-request-id': 'a b' },
  });
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

it('keeps a connection for longer than those who use it do', async () => {
  const answer = await fetch(`${server.url}/health/live`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
});
