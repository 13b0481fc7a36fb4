import { AISDKError, APICallError, LoadAPIKeyError } from '@ai-sdk/provider';
import { retryAfterMs } from './retry-after.js';

export type FailureKind =
  | 'rate_limited'
  | 'overloaded'
  | 'unreachable'
  | 'timeout'
  | 'no_time'
  | 'cut'
  | 'junk'
  | 'empty'
  | 'key_refused'
  | 'request_refused';

interface FailureData {
  readonly status?: number;
  /** What the provider asks us to wait. */
  readonly retryAfterMs?: number;
}

const WHAT_HAPPENED = {
  rate_limited: 'The model provider is limiting requests',
  overloaded: 'The model provider has a problem of its own',
  unreachable: 'The model provider cannot be reached',
  timeout: 'The model did not answer in time',
  no_time: 'There is too little time for the model to answer',
  cut: "The model's answer broke off",
  junk: 'The model provider sent something that is not an answer',
  empty: 'The model gave an empty answer',
  key_refused: 'The model provider refused the key',
  request_refused: 'The model provider refused the request',
} satisfies Record<FailureKind, string>;

const RETRYABLE: ReadonlySet<FailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'unreachable',
  'timeout',
  'cut',
  'junk',
]);

/** Kinds that say something about the provider, not about this one request. */
const PROVIDER_WIDE: ReadonlySet<FailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'unreachable',
  'timeout',
  'key_refused',
]);

/**
 * Why a model call gave no usable answer. The message is shown to users and goes to logs: it is ours, never the
 * provider's, whose messages quote keys and prompts. For the same reason there is no `cause`.
 */
export class ProviderFailure extends Error {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly kind: FailureKind,
    data: FailureData = {},
  ) {
    super(data.status === undefined ? WHAT_HAPPENED[kind] : `${WHAT_HAPPENED[kind]} (${data.status})`);
    this.name = 'ProviderFailure';
    this.status = data.status;
    this.retryAfterMs = data.retryAfterMs;
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.kind);
  }

  get isProviderWide(): boolean {
    return PROVIDER_WIDE.has(this.kind);
  }
}

/** Sorts whatever a provider threw, or sent as an error in its stream. Unknown errors count as a cut connection. */
export function providerFailure(error: unknown, now: Date): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (LoadAPIKeyError.isInstance(error)) return new ProviderFailure('key_refused');
  if (APICallError.isInstance(error)) return ofCall(error, now);
  // The SDK's other errors are about what came back: no JSON, the wrong shape, no body.
  if (AISDKError.isInstance(error)) return new ProviderFailure('junk');
  // Node's fetch says so before an answer began; afterwards it says "terminated".
  const neverAnswered =
    typeof error === 'object' && error !== null && 'message' in error && error.message === 'fetch failed';
  return new ProviderFailure(neverAnswered ? 'unreachable' : 'cut');
}

function ofCall({ statusCode: status, responseHeaders }: APICallError, now: Date): ProviderFailure {
  if (status === undefined) return new ProviderFailure('unreachable');
  const data = { status, retryAfterMs: retryAfterMs(responseHeaders ?? {}, now) };
  if (status === 401 || status === 403) return new ProviderFailure('key_refused', data);
  if (status === 429) return new ProviderFailure('rate_limited', data);
  if (status >= 500 || status === 408 || status === 409) return new ProviderFailure('overloaded', data);
  return new ProviderFailure(status >= 400 ? 'request_refused' : 'junk', data);
}
