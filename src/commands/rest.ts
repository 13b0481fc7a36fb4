import type { Readable } from 'node:stream';
import { z } from 'zod';

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A REST call was refused. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${code} (${status}): ${message}`);
    this.name = 'RestError';
  }
}

export interface RestCall {
  readonly method?: 'GET' | 'POST';
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly body?: Readable;
  readonly contentType?: string;
}

/** Calls REST as any client would. Throws RestError. */
export async function callRest<Answer>(url: string, schema: z.ZodType<Answer>, call: RestCall = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: call.method ?? 'GET',
    headers: {
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
    },
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
    ...(call.body === undefined ? {} : { body: call.body, duplex: 'half' }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return schema.parse(answer);
  const { error } = failure.parse(answer);
  throw new RestError(response.status, error.code, error.message);
}
