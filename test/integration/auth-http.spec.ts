import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AuthApp, errorOf, PASSWORD, refusalOf } from './auth-app.js';

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.close());

const ROUTES = ['register', 'login', 'refresh'].map((name) => `/api/auth/${name}`);
const CLOSED: [string, string][] = [
  ['GET', '/api/auth/me'],
  ['GET', '/api/auth/sessions'],
  ['DELETE', '/api/auth/sessions/x'],
  ['POST', '/api/auth/logout'],
  ['POST', '/api/auth/logout-all'],
  ['POST', '/api/auth/ws-ticket'],
  ['POST', '/api/auth/password'],
];

describe('a call without a token', () => {
  it.each(CLOSED)('%s %s needs one', async (method, path) => {
    const answer = await app.call(method, path);
    expect(refusalOf(answer)).toEqual([401, 'auth_required']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer ', 'Bearer a b', 'token'])('%p is none', async (authorization) => {
    expect(refusalOf(await app.call('GET', '/api/auth/me', { headers: { authorization } }))).toEqual([
      401,
      'auth_required',
    ]);
  });

  it.each(['token', 'access_token'])('in the URL (%s) it is refused, even a good one', async (name) => {
    const { access_token } = await app.register(`url-${name}@example.com`);
    const inUrl = await app.call('GET', `/api/auth/me?${name}=${access_token}`);
    const besides = await app.call('GET', `/api/auth/me?${name}=x`, { token: access_token });
    expect([refusalOf(inUrl), refusalOf(besides)]).toEqual([
      [401, 'token_in_query'],
      [401, 'token_in_query'],
    ]);
    expect(inUrl.text).not.toContain(access_token);
  });
});

describe('junk', () => {
  const bodies: [string, string, number, string][] = [
    ['no JSON', '{"email":', 400, 'invalid_json'],
    ['a JSON string', '"x"', 400, 'invalid_json'],
    ['null', 'null', 400, 'invalid_json'],
    ['an array', '[]', 400, 'validation_failed'],
    ['numbers', '{"email":1,"password":2,"refresh_token":3}', 400, 'validation_failed'],
    ['nulls', '{"email":null,"password":null,"refresh_token":null}', 400, 'validation_failed'],
    ['a prototype', '{"__proto__":{"email":"a@example.com","password":"x"}}', 400, 'validation_failed'],
    ['a very deep array', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 400, 'validation_failed'],
    ['too much', JSON.stringify({ email: 'x'.repeat(2_000_000) }), 413, 'message_too_large'],
    ['nothing', '', 400, 'validation_failed'],
  ];
  const cases = ROUTES.flatMap((route) =>
    bodies.map(([name, raw, status, code]) => ({ route, name, raw, refusal: [status, code] })),
  );
  it.each(cases)('$route refuses $name', async ({ route, raw, refusal }) => {
    expect(refusalOf(await app.call('POST', route, { raw }))).toEqual(refusal);
  });

  it('is not echoed', async () => {
    const answer = await app.call('POST', '/api/auth/login', { raw: `{"password":"${PASSWORD}" oops` });
    expect(answer.text).not.toContain(PASSWORD.slice(0, 6));
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=klingon',
  ])('of type %s is refused', async (type) => {
    const answer = await app.call('POST', '/api/auth/login', {
      raw: `email=a@example.com&password=${PASSWORD}`,
      headers: { 'content-type': type },
    });
    expect(refusalOf(answer)).toEqual([400, 'validation_failed']);
  });

  it('cut short of its compression is refused', async () => {
    const answer = await app.call('POST', '/api/auth/login', {
      raw: 'no gzip',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.status).toBe(400);
  });

  it('with a thousand problems gets an answer of bounded size', async () => {
    const answer = await app.call('POST', '/api/auth/refresh', {
      body: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1])),
    });
    expect(answer.text.length).toBeLessThan(2000);
  });
});

describe('other errors', () => {
  it.each([
    ['GET', '/nowhere'],
    ['GET', '/api/auth/login'],
    ['PUT', '/api/auth/me'],
  ])('%s %s is not there', async (method, path) => {
    expect(refusalOf(await app.call(method, path))).toEqual([404, 'not_found']);
  });

  it('a malformed path is refused', async () => {
    const { access_token } = await app.register('path@example.com');
    expect(refusalOf(await app.call('DELETE', '/api/auth/sessions/%E0%A4%A', { token: access_token }))).toEqual([
      400,
      'validation_failed',
    ]);
  });

  it('a fault of ours is answered without its text, and logged once, with its stack, under its id', async () => {
    const { access_token } = await app.register('fault@example.com');
    const answer = await app.call('GET', '/probe/fault', { token: access_token });
    expect(refusalOf(answer)).toEqual([500, 'internal']);
    expect(answer.text).not.toContain('canary');
    const lines = app.logger.named('unexpected_error');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.fields.error_id).toBe(errorOf(answer).error_id);
    expect(lines[0]?.fields.error).toHaveProperty('stack', expect.stringContaining('ProbeController'));
  });

  it('rights that are missing are forbidden', async () => {
    const { access_token } = await app.register('rights@example.com');
    expect(refusalOf(await app.call('GET', '/probe/admin', { token: access_token }))).toEqual([403, 'forbidden']);
  });
});

describe('limits by address', () => {
  it('hold over register, login and refresh together, with the time to wait', async () => {
    const environment = {
      NODE_ENV: 'production',
      AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS: '3',
      AUTH_REGISTRATION: 'open',
    };
    const limited = await AuthApp.start({ url: app.databaseUrl, environment });
    try {
      for (const route of ROUTES) expect((await limited.call('POST', route, { body: {} })).status).toBe(400);
      const refused = await limited.call('POST', '/api/auth/login', { body: {} });
      expect(refusalOf(refused)).toEqual([429, 'rate_limited']);
      expect(errorOf(refused).retry_after_ms).toBeGreaterThan(15_000);
      expect(refused.headers.get('retry-after')).toBe('20');
      expect((await limited.call('GET', '/.well-known/jwks.json')).status).toBe(200);
      limited.clock.forward(20_000);
      expect((await limited.call('POST', '/api/auth/login', { body: {} })).status).toBe(400);
    } finally {
      await limited.close();
    }
  });
});

describe('limits by address behind a proxy', () => {
  const environment = {
    NODE_ENV: 'production',
    AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS: '1',
    AUTH_REGISTRATION: 'open',
  };
  const statuses = async (trustedProxies: string): Promise<number[]> => {
    const node = await AuthApp.start({
      url: app.databaseUrl,
      environment: { ...environment, TRUSTED_PROXIES: trustedProxies },
    });
    const found: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '198.51.100.1, 192.0.2.1']) {
      const headers = { 'x-forwarded-for': address };
      found.push((await node.call('POST', '/api/auth/login', { body: {}, headers })).status);
    }
    await node.close();
    return found;
  };

  it('count its clients where it is trusted', async () => {
    expect(await statuses('127.0.0.1')).toEqual([400, 400, 429]);
    expect(await statuses('1')).toEqual([400, 400, 429]);
  });

  it('count the peer where it is not, whatever it says', async () => {
    expect(await statuses('')).toEqual([400, 429, 429]);
    expect(await statuses('10.0.0.0/8')).toEqual([400, 429, 429]);
  });
});

describe('the OpenAPI document', () => {
  it('describes bodies, answers and errors of the auth routes', () => {
    const document = SwaggerModule.createDocument(app.app, new DocumentBuilder().addBearerAuth().build());
    const login = document.paths['/api/auth/login']?.post;
    expect(login?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { required: ['email', 'password'] } } },
    });
    expect(login?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { properties: { access_token: { type: 'string' } } } } },
    });
    expect(login?.responses.default).toMatchObject({
      content: { 'application/json': { schema: { properties: { error: { type: 'object' } } } } },
    });
    expect(document.paths['/api/auth/register']?.post?.responses).toHaveProperty('201');
    expect(document.paths['/api/auth/logout']?.post?.responses).toHaveProperty('204');
    expect(document.paths['/api/auth/sessions']?.get?.parameters).toMatchObject([
      { name: 'limit', in: 'query' },
      { name: 'cursor', in: 'query' },
    ]);
  });
});

it('nothing that was logged holds a secret', async () => {
  const { access_token, refresh_token } = await app.register('log@example.com');
  await app.login('log@example.com', 'a wrong password');
  const log = JSON.stringify(app.logger.lines);
  for (const secret of [PASSWORD, 'a wrong password', access_token, refresh_token]) expect(log).not.toContain(secret);
});
