import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';

type Setting = string | number | boolean | null | readonly string[];
export type Settings = Readonly<Record<string, Setting | Readonly<Record<string, Setting>>>>;

/**
 * The settings that are in force, chosen one by one: keys, passwords and addresses that may carry them are not among
 * them, only whether they are set.
 */
@Injectable()
export class AdminSettings {
  constructor(private readonly configuration: Configuration) {}

  read(): Settings {
    const { configuration } = this;
    const { environment, version, role, host, port, embedded, registration, allowedOrigins } = configuration;
    const { provider, name, timeoutMs, maxSteps, maxCostUsdPerRun } = configuration.model;
    return {
      ...{ environment, version, role, host, port, embedded, registration },
      allowed_origins: allowedOrigins ?? null,
      log_level: configuration.logLevel,
      access_token_ttl_s: configuration.accessTokenTtlS,
      refresh_token_ttl_s: configuration.refreshTokenTtlS,
      metrics_port: configuration.metricsPort ?? null,
      final_event_seen_within_s: configuration.finalEventSeenWithinS,
      delivery_retention_h: configuration.deliveryRetentionH,
      is_set: {
        redis_url: configuration.redisUrl !== undefined,
        alert_webhook_url: configuration.alertWebhookUrl !== undefined,
        llm_api_key: configuration.model.apiKey !== undefined,
        llm_base_url: configuration.model.baseUrl !== undefined,
      },
      limits: snakeCased({ ...configuration.limits }),
      socket: snakeCased({ ...configuration.socket }),
      time: snakeCased({ ...configuration.time }),
      model: { ...snakeCased({ provider, timeoutMs, maxSteps, maxCostUsdPerRun }), name: name ?? null },
    };
  }
}

const snakeCased = (settings: Readonly<Record<string, string | number | boolean>>): Record<string, Setting> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
