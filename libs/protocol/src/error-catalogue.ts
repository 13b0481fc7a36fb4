import { CLOSE_CODES, type CloseCode } from './close-codes.js';

export interface ErrorCatalogueEntry {
  /** Status of the REST answer; null: the error exists on sockets only. */
  readonly httpStatus: number | null;
  /** The connection is closed with it right after the error frame; null: the connection stays up. */
  readonly closeCode: CloseCode | null;
  /** Close code when the error goes on, or takes the connection with it (the description says when). */
  readonly escalatesTo?: CloseCode;
  /** `after_renewal`: the same request works with a new token or ticket. */
  readonly retryable: boolean | 'after_renewal';
  readonly description: string;
}

const CLIENT_FAULT = { httpStatus: 400, closeCode: null, escalatesTo: CLOSE_CODES.protocolViolation, retryable: false };
const BAD_TOKEN = { httpStatus: 401, closeCode: CLOSE_CODES.authenticateFirst, retryable: 'after_renewal' } as const;
const NO_TOKEN = { httpStatus: 401, closeCode: CLOSE_CODES.authenticateFirst, retryable: false };
const REFUSED = { httpStatus: 403, closeCode: null, retryable: false };
const ABSENT = { httpStatus: 404, closeCode: null, retryable: false };
const CONFLICT = { httpStatus: 409, closeCode: null, retryable: false };
const TOO_MUCH = { httpStatus: 429, closeCode: null, retryable: true };
const AWAY = { httpStatus: 503, closeCode: null, retryable: true };

/** The one list of errors: HTTP answers, error frames, events and docs/errors.md are made from it. */
export const ERROR_CATALOGUE = {
  auth_required: { ...NO_TOKEN, description: 'No token came with the request or the upgrade.' },
  auth_timeout: { ...NO_TOKEN, description: 'No authenticate frame came in time after the upgrade.' },
  token_invalid: {
    ...BAD_TOKEN,
    description: 'The token is malformed, or its signature, issuer or audience is wrong.',
  },
  token_expired: { ...BAD_TOKEN, description: 'The token is past its expiry.' },
  token_revoked: { ...BAD_TOKEN, description: 'The session of the token was ended.' },
  token_in_query: {
    ...BAD_TOKEN,
    description: 'A long-lived token in the query string ends up in logs; use a ticket.',
  },
  ticket_invalid: { ...BAD_TOKEN, description: 'The ticket is unknown, used or expired.' },
  user_mismatch: { ...REFUSED, description: 'The frame or token names another user than the authenticated one.' },
  forbidden: { ...REFUSED, description: 'The user may not do this.' },
  origin_not_allowed: { ...REFUSED, description: 'The Origin header is not on the allow-list; there is no upgrade.' },
  invalid_json: { ...CLIENT_FAULT, description: 'The text is not JSON. 4400 after 100 bad frames in a minute.' },
  invalid_frame: {
    ...CLIENT_FAULT,
    description: 'Not a frame: no object, or no type. 4400 after 100 bad frames in a minute.',
  },
  unknown_type: { ...CLIENT_FAULT, description: 'No such frame type. 4400 after 100 bad frames in a minute.' },
  validation_failed: {
    ...CLIENT_FAULT,
    description: 'A field is missing or wrong. 4400 after 100 bad frames in a minute.',
  },
  message_too_large: {
    httpStatus: 413,
    closeCode: null,
    escalatesTo: CLOSE_CODES.transportLimit,
    retryable: false,
    description: 'The frame or body is over the size limit. 1009 above the transport limit.',
  },
  too_many_early_frames: {
    httpStatus: null,
    closeCode: CLOSE_CODES.protocolViolation,
    retryable: false,
    description: 'More frames or bytes came before connection_ready than are kept.',
  },
  thread_not_found: { ...ABSENT, description: "The thread is unknown, deleted or somebody else's." },
  run_not_found: { ...ABSENT, description: "The run is unknown or somebody else's." },
  not_found: { ...ABSENT, description: 'There is no such thing.' },
  cursor_ahead: { ...CONFLICT, description: 'The cursor is ahead of the log (details.last_seq).' },
  log_changed: { ...CONFLICT, description: 'The log is not the one of the cursor (details.log_id, details.last_seq).' },
  message_id_conflict: { ...CONFLICT, description: 'The message_id was used with another text.' },
  thread_busy: { ...CONFLICT, retryable: true, description: 'The thread has a live run and if_busy is reject.' },
  invalid_state: { ...CONFLICT, description: 'The thing is in a state that does not allow this.' },
  queue_full: { ...TOO_MUCH, description: 'Too many queued runs of the user or the thread.' },
  rate_limited: {
    ...TOO_MUCH,
    escalatesTo: CLOSE_CODES.flooding,
    description: 'Too many requests (retry_after_ms). 4429 when it goes on for a minute.',
  },
  too_many_connections: {
    ...TOO_MUCH,
    closeCode: CLOSE_CODES.connectionLimit,
    description: 'The user has as many connections as allowed; this one is closed.',
  },
  slow_consumer: {
    httpStatus: null,
    closeCode: CLOSE_CODES.slowConsumer,
    retryable: true,
    description: 'The client reads too slowly. Best effort: a stuck peer sees 1006.',
  },
  database_unavailable: { ...AWAY, description: 'The database is away; nothing was accepted.' },
  service_unavailable: { ...AWAY, description: 'A part that the request needs is away.' },
  server_draining: {
    ...AWAY,
    escalatesTo: CLOSE_CODES.restart,
    description: 'The server is going down. 1012 once its runs are finished or handed over.',
  },
  model_unavailable: {
    httpStatus: 502,
    closeCode: null,
    retryable: true,
    description: 'The model provider does not answer. In events, which say whether it is retryable.',
  },
  tool_failed: {
    httpStatus: 502,
    closeCode: null,
    retryable: false,
    description: 'A tool threw. In events, which say whether it is retryable.',
  },
  run_timeout: {
    httpStatus: 504,
    closeCode: null,
    retryable: true,
    description: 'A time limit of tool, agent or run was reached. In events, which say whether it is retryable.',
  },
  run_dead: {
    httpStatus: 502,
    closeCode: null,
    retryable: false,
    description: 'The run used up its attempts. In events, which say whether it is retryable.',
  },
  outcome_unknown: {
    httpStatus: 502,
    closeCode: null,
    retryable: false,
    description: 'The run was taken over while a tool worked: it may or may not have happened. In events.',
  },
  engine_init_failed: {
    httpStatus: 500,
    closeCode: null,
    escalatesTo: CLOSE_CODES.internal,
    retryable: true,
    description: 'The engine of the run could not be built (error_id). 1011 if no handler at all can be.',
  },
  internal: {
    httpStatus: 500,
    closeCode: null,
    escalatesTo: CLOSE_CODES.internal,
    retryable: true,
    description: 'Unexpected (error_id). 1011 if the connection cannot go on.',
  },
} satisfies Record<string, ErrorCatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CATALOGUE, value);
}

/** `retryable` as it stands in frames and REST answers: may the same request be sent again, unchanged? */
export function isRetryable(code: ErrorCode): boolean {
  return ERROR_CATALOGUE[code].retryable === true;
}
