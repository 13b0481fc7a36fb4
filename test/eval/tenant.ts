import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { GoldenpathClient, type RunHandle } from '@goldenpath/client';
import { callRest } from '../../src/commands/rest.js';
import type { Answer, StatedFact } from './answer.js';

const tokens = z.object({ access_token: z.string() });
const imported = z.object({ accepted: z.number(), rejected: z.number() });
const fact = z.object({ id: z.string(), value: z.string(), unit: z.string(), decimals: z.number() });
const reportFacts = z.object({ facts: z.array(fact) });
/** An event shows the first of a long list, and then a text that says how many it left out. */
const eventFacts = z.object({ facts: z.array(fact.or(z.string())) });

/** A file of usage and how it is sent. `query`: the parameters of the import. */
export interface UsageFile {
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string;
  open(): Readable;
}

/** A company that asks: a user in a tenant of their own, seen from outside, over REST and a WebSocket. */
export class Tenant {
  private constructor(private readonly credentials: { readonly email: string; readonly password: string }) {}

  static async register(url: string): Promise<Tenant> {
    const credentials = {
      email: `eval-${randomBytes(8).toString('hex')}@example.com`,
      password: randomBytes(18).toString('base64url'),
    };
    await callRest(`${url}/api/auth/register`, tokens, { method: 'POST', json: credentials });
    return new Tenant(credentials);
  }

  /** Answers how many rows were taken. Throws when one was refused: the truth counts all of them. */
  async import(url: string, file: UsageFile): Promise<number> {
    const { accepted, rejected } = await callRest(
      `${url}/api/usage/imports?${new URLSearchParams(file.query).toString()}`,
      imported,
      { method: 'POST', token: await this.token(url), body: file.open(), contentType: file.contentType },
    );
    if (rejected > 0) throw new Error(`${rejected} rows were refused`);
    return accepted;
  }

  /** Asks one question after the other in one new thread, as a person does; answers the last one's answer. */
  async ask(url: string, questions: readonly string[]): Promise<Answer> {
    const token = await this.token(url);
    const client = new GoldenpathClient({ url, token });
    try {
      await client.connect();
      let last: RunHandle | undefined;
      for (const text of questions) {
        last = await client.ask(text, last === undefined ? {} : { threadId: last.threadId });
        await last.result();
      }
      if (last === undefined) throw new Error('nothing was asked');
      return await answerOf(last, { url, token });
    } finally {
      client.close();
    }
  }

  private async token(url: string): Promise<string> {
    const answer = await callRest(`${url}/api/auth/login`, tokens, { method: 'POST', json: this.credentials });
    return answer.access_token;
  }
}

async function answerOf(run: RunHandle, { url, token }: { url: string; token: string }): Promise<Answer> {
  const computed: StatedFact[] = [];
  for await (const event of run) {
    if (event.type !== 'tool_completed' || !event.success) continue;
    const shown = eventFacts.safeParse(event.result).data?.facts ?? [];
    computed.push(...shown.filter((one) => typeof one !== 'string'));
  }
  const { status, response, report_id: reportId } = await run.result();
  if (reportId === undefined) return { text: response, status, facts: computed };
  const report = await callRest(`${url}/api/reports/${reportId}`, reportFacts, { token });
  return { text: response, status, facts: report.facts };
}
