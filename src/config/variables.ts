import { isIP } from 'node:net';
import { z } from 'zod';
import { trustedProxies } from './trusted-proxies.js';

/** One variable of the environment: how it is read, and the sentence that docs/configuration.md shows. */
export interface Variable<Value> {
  readonly schema: z.ZodType<Value>;
  readonly description: string;
}

const variable = <Value>(schema: z.ZodType<Value>, description: string): Variable<Value> => ({ schema, description });

const integer = (minimum: number, maximum: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be an integer')
    .transform(Number)
    .pipe(z.number().min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`));
const text = z.string().min(1, 'must not be empty');
const optionalText = text.optional();
const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices, { error: `must be one of ${choices.join(', ')}` });
const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
/** With a host, or with the folder of a socket in its place. */
const postgresUrl = url(['postgres:', 'postgresql:']).refine(
  (value) => {
    if (!URL.canParse(value)) return true;
    const { hostname, searchParams } = new URL(value);
    return hostname !== '' || searchParams.has('host');
  },
  { error: 'must name a host' },
);
/** An address, or a name; what has only digits and dots was meant as an address. */
const host = z
  .string()
  .refine((value) => isIP(value) !== 0 || (/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(value) && !/^[\d.]+$/.test(value)), {
    error: 'must be an IP address or a host name',
  });
const webUrl = url(['http:', 'https:']);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const origins = list.pipe(
  z.array(
    z
      .string()
      .refine(
        (item) => URL.canParse(item) && new URL(item).origin === item,
        'must be origins such as https://app.example.com',
      ),
  ),
);
const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a decimal number')
  .transform(Number);

const DAY_MS = 86_400_000;
const LIMIT = integer(1, 1_000_000);
const DURATION_MS = integer(1, DAY_MS);

/** Every variable that Goldenpath reads, except the OIDC_<NAME>_* families. */
export const VARIABLES = {
  PORT: variable(integer(0, 65_535), 'Port of HTTP and WebSocket; 0 takes any free one.'),
  HOST: variable(host.optional(), 'Address to listen on; 127.0.0.1 with the embedded database, else 0.0.0.0.'),
  DATA_DIR: variable(text, 'Folder of the embedded database and generated keys.'),
  DATABASE_URL: variable(postgresUrl.optional(), 'PostgreSQL server; unset: the embedded one in DATA_DIR.'),
  REDIS_URL: variable(url(['redis:', 'rediss:']).optional(), 'Redis, optional.'),
  ROLE: variable(oneOf(['all', 'api', 'worker']), 'What this process does: gateway, worker, or both.'),
  ADMIN_EMAIL: variable(z.email('must be an e-mail address').optional(), 'Platform admin that is made at start.'),
  ADMIN_PASSWORD: variable(
    z.string().min(12, 'must have at least 12 characters').optional(),
    'Password of that admin.',
  ),
  JWT_PRIVATE_KEY: variable(optionalText, 'Ed25519 or ES256 private key (PEM or JWK) that signs access tokens.'),
  JWT_KEY_FILE: variable(optionalText, 'File with that key.'),
  ACCESS_TOKEN_TTL_S: variable(integer(1, 86_400), 'Life of an access token, seconds.'),
  REFRESH_TOKEN_TTL_S: variable(integer(1, 31_536_000), 'Life of a refresh token, seconds.'),
  AUTH_REGISTRATION: variable(oneOf(['open', 'invite', 'closed']), 'Who may register.'),
  ALLOWED_ORIGINS: variable(
    origins.optional(),
    'Origins of browsers that may connect, comma separated; unset: the own one and localhost.',
  ),
  MESSAGES_PER_MINUTE: variable(LIMIT, 'Messages a user may send in a minute.'),
  CONNECTIONS_PER_USER: variable(LIMIT, 'Open connections of a user at one process.'),
  CONCURRENT_RUNS_PER_USER: variable(LIMIT, 'Runs of a user at the same time.'),
  CONCURRENT_RUNS_PER_PROCESS: variable(LIMIT, 'Runs that one process works on at the same time.'),
  QUEUED_RUNS_PER_USER: variable(LIMIT, 'Runs of a user that wait.'),
  HANDSHAKES_PER_MINUTE_PER_ADDRESS: variable(
    LIMIT,
    'WebSocket handshakes of one address in a minute (loopback: no limit in development and test).',
  ),
  AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS: variable(
    LIMIT,
    'Register, login and refresh calls of one address in a minute (loopback as above).',
  ),
  TRUSTED_PROXIES: variable(
    trustedProxies.optional(),
    'Proxies whose X-Forwarded-For names the client that these two limits count by: addresses and networks (10.0.0.0/8), comma separated, or how many there are in a row, where nobody can go around them; unset: none.',
  ),
  WS_MAX_MESSAGE_BYTES: variable(integer(256, 262_144), 'Longest frame of a client, bytes of UTF-8.'),
  WS_AUTH_TIMEOUT_MS: variable(DURATION_MS, 'How long a connection may stay without a token.'),
  WS_PING_INTERVAL_MS: variable(DURATION_MS, 'Time between WebSocket pings.'),
  WS_PING_TIMEOUT_MS: variable(DURATION_MS, 'A peer that is silent for so long is cut.'),
  WS_IDLE_TIMEOUT_MS: variable(DURATION_MS, 'A connection without frames in either direction for so long is closed.'),
  WS_SWEEP_INTERVAL_MS: variable(
    DURATION_MS,
    'Time between sweeps for dead sockets, and between two connection_stats of a connection.',
  ),
  TOOL_TIMEOUT_MS: variable(DURATION_MS, 'Time limit of a tool call.'),
  AGENT_TIMEOUT_MS: variable(DURATION_MS, 'Time limit of an agent.'),
  RUN_TIMEOUT_MS: variable(DURATION_MS, 'Time limit of a run.'),
  SHUTDOWN_GRACE_MS: variable(DURATION_MS, 'Time to finish or hand over runs after SIGTERM.'),
  LLM_PROVIDER: variable(
    oneOf(['none', 'openai', 'anthropic', 'openai-compatible']),
    'Model provider; none: the built-in planner.',
  ),
  LLM_BASE_URL: variable(webUrl.optional(), 'Endpoint of the provider; required for openai-compatible.'),
  LLM_API_KEY: variable(optionalText, 'Key of the provider.'),
  LLM_MODEL: variable(optionalText, 'Model name; required with a provider.'),
  LLM_TIMEOUT_MS: variable(DURATION_MS, 'Time limit of a model call.'),
  LLM_MAX_STEPS: variable(integer(1, 100), 'Most steps of one agent conversation.'),
  LLM_MAX_COST_USD_PER_RUN: variable(decimal, 'Most that one run may spend on models, USD.'),
  TRUSTED_ISSUERS: variable(
    list.pipe(z.array(webUrl)).optional(),
    'Issuers of tokens to trust, comma separated URLs; checked, not used yet.',
  ),
  ALERT_WEBHOOK_URL: variable(webUrl.optional(), 'Where alerts are sent by POST, as JSON.'),
  METRICS_PORT: variable(
    integer(0, 65_535).optional(),
    'Port of /metrics, without sign-in; unset: the main port, for this machine and platform admins.',
  ),
  FINAL_EVENT_SEEN_WITHIN_S: variable(
    integer(1, 86_400),
    'A final event that nobody has been shown after so long is counted and raises an alert, seconds.',
  ),
  DELIVERY_RETENTION_H: variable(integer(1, 87_600), 'How long the delivery ledger keeps its rows, hours.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(webUrl.optional(), 'Where traces go; checked, not used yet.'),
  PRICES_REFRESH_URL: variable(
    webUrl.optional(),
    'Where newer list prices of models are fetched from at start and once a day, in the format of genai-prices (its own are at https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json); unset: never.',
  ),
  LOG_LEVEL: variable(
    oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'Least severe log line that is written.',
  ),
} as const;

const OIDC_ISSUER = /^OIDC_[A-Z\d_]+_ISSUER$/;

/** What is wrong with the OIDC_<NAME>_ISSUER variables, one line each. */
export const issuerProblems = (raw: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(raw).flatMap(([name, value]) => {
    const result = OIDC_ISSUER.test(name) ? webUrl.optional().safeParse(value) : undefined;
    return result?.success === false ? [`${name}: ${result.error.issues[0]?.message ?? 'is invalid'}`] : [];
  });

export type VariableName = keyof typeof VARIABLES;
export type Environment = { readonly [Name in VariableName]: z.output<(typeof VARIABLES)[Name]['schema']> };
