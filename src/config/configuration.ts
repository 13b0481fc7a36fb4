import type { TrustedProxies } from './trusted-proxies.js';
import type { Environment } from './variables.js';

export const ENVIRONMENT_NAMES = ['development', 'test', 'staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** Where the settings come from: the name of the environment and where the program lies. */
export interface ConfigurationSource {
  readonly environment: EnvironmentName;
  readonly values: Environment;
  readonly dataDir: string;
  readonly version: string;
}

/** All settings, parsed once at start, immutable. Everything else takes them from here, never from the environment. */
export class Configuration {
  readonly environment: EnvironmentName;
  readonly version: string;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly embedded: boolean;
  /** None beside the embedded database: there is no other server then. */
  readonly redisUrl: string | undefined;
  readonly role: 'all' | 'api' | 'worker';
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly jwtPrivateKey: string | undefined;
  readonly jwtKeyFile: string | undefined;
  readonly accessTokenTtlS: number;
  readonly refreshTokenTtlS: number;
  readonly registration: 'open' | 'invite' | 'closed';
  readonly allowedOrigins: readonly string[] | undefined;
  readonly trustedProxies: TrustedProxies;
  readonly limits: Limits;
  readonly socket: SocketSettings;
  readonly time: TimeLimits;
  readonly model: ModelSettings;
  readonly logLevel: string;
  /** Where newer list prices come from; undefined: from the installed catalogue only. */
  readonly pricesRefreshUrl: string | undefined;
  readonly metricsPort: number | undefined;
  readonly alertWebhookUrl: string | undefined;
  readonly finalEventSeenWithinS: number;
  readonly deliveryRetentionH: number;

  constructor({ environment, values, dataDir, version }: ConfigurationSource) {
    this.environment = environment;
    this.version = version;
    this.port = values.PORT;
    this.embedded = values.DATABASE_URL === undefined;
    this.host = values.HOST ?? (this.embedded ? '127.0.0.1' : '0.0.0.0');
    this.dataDir = dataDir;
    this.databaseUrl = values.DATABASE_URL;
    this.redisUrl = this.embedded ? undefined : values.REDIS_URL;
    this.role = values.ROLE;
    this.admin =
      values.ADMIN_EMAIL === undefined || values.ADMIN_PASSWORD === undefined
        ? undefined
        : { email: values.ADMIN_EMAIL, password: values.ADMIN_PASSWORD };
    this.jwtPrivateKey = values.JWT_PRIVATE_KEY;
    this.jwtKeyFile = values.JWT_KEY_FILE;
    this.accessTokenTtlS = values.ACCESS_TOKEN_TTL_S;
    this.refreshTokenTtlS = values.REFRESH_TOKEN_TTL_S;
    this.registration = values.AUTH_REGISTRATION;
    this.allowedOrigins = values.ALLOWED_ORIGINS;
    this.trustedProxies = values.TRUSTED_PROXIES ?? { hops: 0 };
    this.limits = limitsOf(values, environment);
    this.socket = socketOf(values);
    this.time = timeOf(values);
    this.model = modelOf(values);
    this.logLevel = values.LOG_LEVEL;
    this.pricesRefreshUrl = values.PRICES_REFRESH_URL;
    this.metricsPort = values.METRICS_PORT;
    this.alertWebhookUrl = values.ALERT_WEBHOOK_URL;
    this.finalEventSeenWithinS = values.FINAL_EVENT_SEEN_WITHIN_S;
    this.deliveryRetentionH = values.DELIVERY_RETENTION_H;
    Object.freeze(this);
  }
}

export interface Limits {
  readonly messagesPerMinute: number;
  readonly connectionsPerUser: number;
  readonly concurrentRunsPerUser: number;
  readonly concurrentRunsPerProcess: number;
  readonly queuedRunsPerUser: number;
  readonly queuedRunsPerThread: number;
  readonly handshakesPerMinutePerAddress: number;
  readonly authAttemptsPerMinutePerAddress: number;
  /** Loopback addresses have no per-address limits (development and test). */
  readonly exemptLoopback: boolean;
}

export interface SocketSettings {
  readonly maxMessageBytes: number;
  readonly authTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly sweepIntervalMs: number;
}

export interface TimeLimits {
  readonly toolTimeoutMs: number;
  readonly agentTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly shutdownGraceMs: number;
}

export interface ModelSettings {
  readonly provider: 'none' | 'openai' | 'anthropic' | 'openai-compatible';
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly name: string | undefined;
  readonly timeoutMs: number;
  readonly maxSteps: number;
  readonly maxCostUsdPerRun: number;
}

/** protocol.md fixes this one: 20 waiting runs a user, 10 a thread. */
const QUEUED_RUNS_PER_THREAD = 10;

const limitsOf = (values: Environment, environment: EnvironmentName): Limits => ({
  messagesPerMinute: values.MESSAGES_PER_MINUTE,
  connectionsPerUser: values.CONNECTIONS_PER_USER,
  concurrentRunsPerUser: values.CONCURRENT_RUNS_PER_USER,
  concurrentRunsPerProcess: values.CONCURRENT_RUNS_PER_PROCESS,
  queuedRunsPerUser: values.QUEUED_RUNS_PER_USER,
  queuedRunsPerThread: QUEUED_RUNS_PER_THREAD,
  handshakesPerMinutePerAddress: values.HANDSHAKES_PER_MINUTE_PER_ADDRESS,
  authAttemptsPerMinutePerAddress: values.AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS,
  exemptLoopback: environment === 'development' || environment === 'test',
});

const socketOf = (values: Environment): SocketSettings => ({
  maxMessageBytes: values.WS_MAX_MESSAGE_BYTES,
  authTimeoutMs: values.WS_AUTH_TIMEOUT_MS,
  pingIntervalMs: values.WS_PING_INTERVAL_MS,
  pingTimeoutMs: values.WS_PING_TIMEOUT_MS,
  idleTimeoutMs: values.WS_IDLE_TIMEOUT_MS,
  sweepIntervalMs: values.WS_SWEEP_INTERVAL_MS,
});

const timeOf = (values: Environment): TimeLimits => ({
  toolTimeoutMs: values.TOOL_TIMEOUT_MS,
  agentTimeoutMs: values.AGENT_TIMEOUT_MS,
  runTimeoutMs: values.RUN_TIMEOUT_MS,
  shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
});

const modelOf = (values: Environment): ModelSettings => ({
  provider: values.LLM_PROVIDER,
  baseUrl: values.LLM_BASE_URL,
  apiKey: values.LLM_API_KEY,
  name: values.LLM_MODEL,
  timeoutMs: values.LLM_TIMEOUT_MS,
  maxSteps: values.LLM_MAX_STEPS,
  maxCostUsdPerRun: values.LLM_MAX_COST_USD_PER_RUN,
});
