import { Injectable } from '@nestjs/common';
import { preferencesOf, type PreferenceColumns, type UserPreferences } from '../context/user-preferences.js';
import { fieldRefused } from '../errors/validation-failed.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';

/** What is to change: absent stays as it is, null goes back to the default. */
export type PreferenceChange = { readonly [Name in keyof PreferenceColumns]?: PreferenceColumns[Name] | undefined };

/** Says what is wrong with a model's name, if something is. */
type ModelCheck = (model: string) => string | undefined;

/** What users prefer. */
@Injectable()
export class Preferences {
  private checkModel: ModelCheck = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Who knows prices says here which models have one: prices lie above this folder. */
  checkPriceModelsWith(check: ModelCheck): void {
    this.checkModel = check;
  }

  /** Uses user_preference_pkey. */
  async of(scope: UserScope): Promise<UserPreferences> {
    return preferencesOf(
      await this.database.row<PreferenceColumns>(
        `SELECT language, time_zone, currency_display, default_price_model, notify_finished_runs FROM user_preference
         WHERE user_id = $1 AND tenant_id = $2`,
        [scope.userId, scope.tenantId],
      ),
    );
  }

  /** Throws AppError validation_failed for a model that has no price. */
  async change(scope: UserScope, change: PreferenceChange): Promise<UserPreferences> {
    const model = change.default_price_model ?? undefined;
    const problem = model === undefined ? undefined : this.checkModel(model);
    if (problem !== undefined) throw fieldRefused('default_price_model', problem);
    const row = await this.database.row<PreferenceColumns>(CHANGE, [
      scope.userId,
      scope.tenantId,
      this.clock.now(),
      ...COLUMNS.flatMap((name) => [change[name] !== undefined, change[name] ?? null]),
    ]);
    return preferencesOf(row);
  }
}

const COLUMNS = [
  'language',
  'time_zone',
  'currency_display',
  'default_price_model',
  'notify_finished_runs',
] as const satisfies readonly (keyof PreferenceColumns)[];

const CHANGE = `
  INSERT INTO user_preference AS p (user_id, tenant_id, updated_at, language, time_zone, currency_display, default_price_model,
    notify_finished_runs)
  VALUES ($1, $2, $3, $5, $7, $9, $11, $13::boolean)
  ON CONFLICT (user_id) DO UPDATE SET updated_at = $3,
    language = CASE WHEN $4::boolean THEN $5 ELSE p.language END,
    time_zone = CASE WHEN $6::boolean THEN $7 ELSE p.time_zone END,
    currency_display = CASE WHEN $8::boolean THEN $9 ELSE p.currency_display END,
    default_price_model = CASE WHEN $10::boolean THEN $11 ELSE p.default_price_model END,
    notify_finished_runs = CASE WHEN $12::boolean THEN $13 ELSE p.notify_finished_runs END
  RETURNING language, time_zone, currency_display, default_price_model, notify_finished_runs`;
