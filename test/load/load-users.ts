import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { callRest } from '../../src/commands/rest.js';

export interface LoadUser {
  readonly id: string;
  readonly token: string;
}

const signedIn = z.object({ user: z.object({ id: z.string() }), access_token: z.string() });
const imported = z.object({ accepted: z.number(), rejected: z.number() });

const ROWS = 200;
const HOURS_APART = 5;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash'];
const TEAMS = ['support', 'search', 'sales'];
const FEATURES = ['answers', 'summaries', 'routing', 'drafts'];

/** A new user in a tenant of their own with usage of their own, sent in as anybody would. */
export async function createLoadUser(url: string, index: number): Promise<LoadUser> {
  const email = `load-${index}-${randomBytes(4).toString('hex')}@example.com`;
  const account = { email, password: randomBytes(18).toString('base64url') };
  const { user, access_token: token } = await callRest(`${url}/api/auth/register`, signedIn, {
    method: 'POST',
    json: account,
  });
  const { accepted, rejected } = await callRest(`${url}/api/usage/imports?format=generic`, imported, {
    method: 'POST',
    token,
    body: Readable.from([usageCsv(index)]),
    contentType: 'text/csv',
  });
  if (accepted !== ROWS || rejected !== 0)
    throw new Error(`${accepted} rows were taken and ${rejected} refused, of ${ROWS}`);
  return { id: user.id, token };
}

/** Six weeks of usage that carries every field an analysis asks for; other figures for each user. */
function usageCsv(seed: number): string {
  const lines = [
    'timestamp,model,input_tokens,cached_tokens,output_tokens,cost,team,project,feature,user,status,latency_ms,stream',
  ];
  const startMs = Date.UTC(2025, 5, 2);
  for (let row = 0; row < ROWS; row += 1) {
    const spread = (row * 7919 + seed * 104_729) % 9973;
    const input = 400 + (spread % 3000);
    const output = 50 + (spread % 700);
    const time = new Date(startMs + row * HOURS_APART * 3_600_000).toISOString();
    const model = MODELS[(row + seed) % MODELS.length] ?? '';
    const team = TEAMS[row % TEAMS.length] ?? '';
    const feature = FEATURES[spread % FEATURES.length] ?? '';
    const cost = ((input * 2.5 + output * 10) / 1_000_000).toFixed(6);
    const cached = spread % 300;
    lines.push(
      [
        time,
        model,
        input,
        cached,
        output,
        cost,
        team,
        'portal',
        feature,
        `u${spread % 20}`,
        'ok',
        300 + (spread % 900),
        'true',
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}
