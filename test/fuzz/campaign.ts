import { z } from 'zod';
import type { ServerProcess } from '../load/server-process.js';
import { registerAt } from '../support/rest-user.js';
import { throwFrames, type FrameTarget, type FrameTotals } from './fuzz-frames.js';
import { throwRequests, type HttpTotals } from './fuzz-http.js';
import { makeNoise } from './line-noise.js';

export interface CampaignSize {
  readonly frames: number;
  readonly requestsPerRoute: number;
  /** Connections with what is not even WebSocket. */
  readonly noises: number;
  readonly seed: number;
}

export interface CampaignReport {
  readonly frames: FrameTotals;
  readonly framesPerSecond: number;
  readonly http: HttpTotals;
  /** Of the server, after full collections: growth over the campaign, its first fifth left out as warm-up. */
  readonly heapGrowthBytes: number;
  readonly heapBytes: number;
}

const WARM_UP_SHARE = 0.2;
const thread = z.object({ id: z.string() });
const account = z.object({ id: z.string() });

/** Throws everything at a server that must not be brought down by it. Throws an error with what it did not stand. */
export async function runCampaign(server: ServerProcess, size: CampaignSize): Promise<CampaignReport> {
  const target = await prepare(server);
  const first = await runPhase(server, target, part(size, WARM_UP_SHARE, size.seed));
  const before = await server.report(true);
  const second = await runPhase(server, target, part(size, 1 - WARM_UP_SHARE, size.seed + 1_000_000));
  const after = await server.report(true);
  const handled = first.frames.handled + second.frames.handled;
  return {
    frames: {
      handled,
      sent: first.frames.sent + second.frames.sent,
      closed: merged(first.frames.closed, second.frames.closed),
    },
    framesPerSecond: (handled / (first.framesMs + second.framesMs)) * 1_000,
    http: {
      requests: first.http.requests + second.http.requests,
      routes: first.http.routes,
      statuses: merged(first.http.statuses, second.http.statuses),
    },
    heapGrowthBytes: after.heapBytes - before.heapBytes,
    heapBytes: after.heapBytes,
  };
}

interface Phase {
  readonly frames: FrameTotals;
  readonly http: HttpTotals;
  readonly framesMs: number;
}

async function runPhase(server: ServerProcess, target: FrameTarget, size: CampaignSize): Promise<Phase> {
  const { seed } = size;
  const startedMs = performance.now();
  const frames = await throwFrames(target, size.frames, seed);
  const framesMs = performance.now() - startedMs;
  await makeNoise(server.url, target.token, { count: size.noises, seed });
  let users = 0;
  const renew = (): Promise<string> => registerAt(server.url, `fuzz-${seed}-${(users += 1)}@example.com`);
  const http = await throwRequests(server.url, renew, { perRoute: size.requestsPerRoute, seed });
  return { frames, http, framesMs };
}

const part = (size: CampaignSize, share: number, seed: number): CampaignSize => ({
  frames: Math.ceil(size.frames * share),
  requestsPerRoute: Math.ceil(size.requestsPerRoute * share),
  noises: Math.ceil(size.noises * share),
  seed,
});

function merged(left: ReadonlyMap<number, number>, right: ReadonlyMap<number, number>): Map<number, number> {
  const sum = new Map(left);
  for (const [key, count] of right) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

async function prepare({ url, socketUrl }: ServerProcess): Promise<FrameTarget> {
  const token = await registerAt(url, 'attacker@example.com');
  const stranger = await registerAt(url, 'stranger@example.com');
  const call = async (path: string, as: string, method = 'GET'): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${as}` } });
    return response.json();
  };
  const { id: userId } = account.parse(await call('/api/auth/me', token));
  const own = thread.parse(await call('/api/threads', token, 'POST'));
  const foreign = thread.parse(await call('/api/threads', stranger, 'POST'));
  return { socketUrl, token, known: { userId, ownThreadId: own.id, foreignThreadId: foreign.id } };
}
