import fc from 'fast-check';
import { z } from 'zod';
import { faultOfError } from './judge.js';

const AT_ONCE = 4;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const REQUEST_TIMEOUT_MS = 30_000;

const openApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface HttpTotals {
  requests: number;
  routes: number;
  readonly statuses: Map<number, number>;
}

const POISON = [
  '__proto__',
  'constructor',
  '..',
  '%00',
  '%ff',
  '%F0%9F%98%80',
  'null',
  '-1',
  '1e999',
  "' OR 1=1 --",
  'x'.repeat(2_000),
];
const segment = fc.oneof(fc.constantFrom(...POISON), fc.uuid(), fc.string({ unit: 'binary', maxLength: 40 }).map(safe));
const CONTENT_TYPES = [
  'application/json',
  'text/csv',
  'application/x-ndjson',
  'multipart/form-data; boundary=x',
  'application/gzip',
  'junk',
  '',
];

/** A lone surrogate has no percent-encoding. */
function safe(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Fields that bodies have, with values that they must not have. */
const NAMES = [
  'email',
  'password',
  'name',
  'refresh_token',
  'title',
  'text',
  'message_id',
  'if_busy',
  'token',
  'overrides',
  'resourceSpans',
];
const wrong = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...POISON, '\u0000', 1e308, -1));
const object = fc.dictionary(fc.constantFrom(...NAMES, '__proto__', 'constructor'), wrong, { maxKeys: 6 });
const bodies = fc.oneof(
  { weight: 6, arbitrary: object.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 30_000 }).map((depth) => Buffer.from('['.repeat(depth))) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 10, max: 2_000 })
      .map((depth) => Buffer.from('{"a":'.repeat(depth) + '1' + '}'.repeat(depth))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{', '{"text":', 'a,b\n1', '"', '1e999', 'NaN').map((text) => Buffer.from(text)),
  },
);

function requestsTo(route: { method: string; path: string }, token: string): fc.Arbitrary<Request> {
  const hasBody = route.method !== 'get' && route.method !== 'delete';
  const places = route.path.match(/\{[^}]+\}/g)?.length ?? 0;
  const query = fc.dictionary(
    fc.constantFrom(
      'limit',
      'cursor',
      'after_seq',
      'from',
      'to',
      'group_by',
      'grain',
      'format',
      'price_as',
      'tags',
      'q',
      '__proto__',
    ),
    segment,
    { maxKeys: 3 },
  );
  const authorization = fc.oneof(
    { weight: 9, arbitrary: fc.constant(`Bearer ${token}`) },
    { weight: 1, arbitrary: fc.constantFrom('', 'Bearer', 'Bearer x', 'Basic eDp5') },
  );
  return fc
    .record({
      segments: fc.array(segment, { minLength: places, maxLength: places }),
      query,
      authorization,
      type: fc.oneof(
        { weight: 6, arbitrary: fc.constant('application/json') },
        { weight: 4, arbitrary: fc.constantFrom(...CONTENT_TYPES) },
      ),
      encoding: fc.oneof(
        { weight: 12, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom('gzip', 'br', 'junk') },
      ),
      body: hasBody ? bodies : fc.constant(undefined),
    })
    .map(({ segments, query: parameters, authorization: shown, type, encoding, body }) => ({
      method: route.method.toUpperCase(),
      path: `${route.path.replace(/\{[^}]+\}/g, () => segments.pop() ?? 'x')}${queryText(parameters)}`,
      headers: {
        authorization: shown,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...(body === undefined || encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body,
    }));
}

const queryText = (parameters: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};

/** Sends generated requests to every route of the OpenAPI document. `renew` gives another token when one was signed out by its own requests. */
export async function throwRequests(
  url: string,
  renew: () => Promise<string>,
  { perRoute, seed }: { perRoute: number; seed: number },
): Promise<HttpTotals> {
  const { paths } = openApi.parse(await (await fetch(`${url}/docs/openapi.json`)).json());
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => method in operations).map((method) => ({ path, method })),
  );
  const totals: HttpTotals = { requests: 0, routes: routes.length, statuses: new Map() };
  for (const [index, route] of routes.entries()) {
    const requests = fc.sample(requestsTo(route, await renew()), { seed: seed + index, numRuns: perRoute });
    while (requests.length > 0)
      await Promise.all(requests.splice(0, AT_ONCE).map((request) => send(url, request, totals)));
  }
  return totals;
}

async function send(url: string, request: Request, totals: HttpTotals): Promise<void> {
  const { method, path, headers, body } = request;
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    signal,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const text = await response.text();
  totals.requests += 1;
  totals.statuses.set(response.status, (totals.statuses.get(response.status) ?? 0) + 1);
  const fault = faultOf(response.status, text);
  if (fault === undefined) return;
  const sent = body === undefined ? '' : Buffer.from(body).toString('latin1').slice(0, 500);
  throw new Error(
    `${method} ${path.slice(0, 300)} ${JSON.stringify(headers['content-type'] ?? '')} ${sent}\nwas answered with ${response.status}, ${fault}: ${text.slice(0, 500)}`,
  );
}

function faultOf(status: number, text: string): string | undefined {
  if (status >= 500) return 'a failure of ours';
  if (status < 400) return undefined;
  try {
    return faultOfError(z.object({ error: z.unknown() }).parse(JSON.parse(text)).error);
  } catch {
    return 'no error of the catalogue';
  }
}
