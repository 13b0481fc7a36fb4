import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../errors/app-error.js';
import type { UserScope } from '../../persistence/sql.js';
import { Clock } from '../../telemetry/clock.js';
import { Ids } from '../../telemetry/ids.js';
import { Logger } from '../../telemetry/logger.js';
import { TenantPrices } from '../prices/tenant-prices.js';
import { ImportProgress } from './import-progress.js';
import type { Progress } from './import-progress.js';
import { ImportRun } from './import-run.js';
import type { ImportRecord } from './import-record.js';
import type { UsageImporter } from './importers/importer.js';
import { importerFor } from './importers/importers.js';
import { TenantPseudonyms } from './pseudonyms.js';
import { openUsageFile } from './reading/usage-file.js';
import type { UsageFile } from './reading/usage-file.js';
import { UsageImportStore } from './usage-import-store.js';
import type { NewImport } from './usage-import-store.js';
import { UsageRows } from './usage-rows.js';

export interface ImportRequest {
  readonly scope: UserScope;
  /** The bytes of the file; gzip is recognised by its first bytes. Read to its end or destroyed. */
  readonly stream: Readable;
  /** How much of the file was read, 0 to 1; absent when its size is not known. */
  readonly shareRead?: (() => number) | undefined;
  /** One of IMPORT_FORMATS. */
  readonly format: string;
  /** What the sender called the file; without it, its content tells. */
  readonly kind?: 'json-lines' | undefined;
  /** The model to price rows as that don't name theirs. */
  readonly priceAs?: string | undefined;
  /** For rows without their own: `team`, `project` and `feature` are dimensions, others become tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Generated data: marked so in every row (source) and report. */
  readonly synthetic?: boolean;
  /** The file is later than what is there: what it says of a bucket or a line of a bill counts, also where that is less. */
  readonly supersedes?: boolean;
  /** What reports call it; by default the importer's label. */
  readonly label?: string | undefined;
  /** Stops it between two batches: the import is failed, and its rows are taken out again. */
  readonly signal?: AbortSignal;
}

export interface StartedImport {
  readonly id: string;
  readonly finished: Promise<ImportRecord>;
}

/** Reads files of usage into the tenant's usage_event: streaming, priced on the way, the same file again changes nothing. */
@Injectable()
export class UsageImports {
  constructor(
    private readonly store: UsageImportStore,
    private readonly pseudonyms: TenantPseudonyms,
    private readonly prices: TenantPrices,
    private readonly progress: ImportProgress,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly logger: Logger,
  ) {}

  /**
   * Throws AppError validation_failed when the file can't be read (to its end), with `details.import_id`; what is wrong stands in the import
   * then, and none of its rows stays in (rows of earlier imports keep a price they got). A bad row is no error: it is counted.
   */
  async import(request: ImportRequest): Promise<ImportRecord> {
    return (await this.start(request)).finished;
  }

  /** Like import(), but answers as soon as the import can be found by its id. `finished` must be awaited by whoever starts it. */
  async start(request: ImportRequest): Promise<StartedImport> {
    try {
      await this.checkPriceAs(request);
      const started = this.newImport(request);
      await this.store.begin(started);
      return { id: started.id, finished: this.run(started, request) };
    } catch (error) {
      request.stream.destroy();
      throw error;
    }
  }

  private async run(started: NewImport, request: ImportRequest): Promise<ImportRecord> {
    const run = new ImportRun(this.store, request.signal);
    try {
      const file = await openUsageFile(request.stream, request.kind);
      const importer = importerFor(request.format, file.sample);
      await this.read({ run, file, importer, started: withImporter(started, request, importer) }, request);
      if (run.written >= STATISTICS_ROWS) await this.refreshStatistics();
      await this.store.complete(started, run);
    } catch (error) {
      if (await this.hasFailed(started, run, error)) {
        this.tell(started, { rows: run.rows, percent: percentOf(request), status: 'failed' });
        throw withImportId(error, started.id);
      }
    } finally {
      request.stream.destroy();
    }
    const record = await this.found(started);
    this.tell(started, { rows: run.rows, percent: 100, status: 'completed' });
    return record;
  }

  /** The first question after a large import comes before autovacuum does, and would be planned as if the rows were not there. */
  private async refreshStatistics(): Promise<void> {
    await this.store
      .refreshStatistics()
      .catch((error: unknown) => this.logger.warn('usage_statistics_not_refreshed', { error }));
  }

  /** Throws AppError validation_failed for a model that no price is known for: all rows would be unpriced. */
  private async checkPriceAs({ priceAs, scope }: ImportRequest): Promise<void> {
    if (priceAs === undefined) return;
    const prices = await this.prices.of(scope.tenantId);
    if (prices.describeModel(priceAs, this.clock.now()) !== undefined) return;
    throw new AppError('validation_failed', `No price is known for the model ${priceAs}.`, {
      details: { issues: [{ path: 'price_as', message: 'no price is known for this model' }] },
    });
  }

  private newImport({
    scope,
    format,
    priceAs,
    synthetic = false,
    supersedes = false,
    label,
  }: ImportRequest): NewImport {
    return {
      id: this.ids.next(),
      tenantId: scope.tenantId,
      userId: scope.userId,
      format,
      source: format,
      label: label ?? format,
      synthetic,
      priceAs,
      supersedes,
    };
  }

  private async read({ run, file, importer, started }: Reading, request: ImportRequest): Promise<void> {
    await this.store.describe(started);
    const rows = new UsageRows({
      prices: await this.prices.of(started.tenantId),
      pseudonyms: await this.pseudonyms.of(started.tenantId),
      now: this.clock.now(),
      priceAs: request.priceAs,
      tags: request.tags ?? {},
    });
    const percent = () => percentOf(request);
    let toldAtMs = Number.NEGATIVE_INFINITY;
    await run.all(file.records, {
      started,
      percent,
      onStored: () => {
        const nowMs = this.clock.monotonicMs();
        if (nowMs - toldAtMs < PROGRESS_INTERVAL_MS) return;
        toldAtMs = nowMs;
        this.tell(started, { rows: run.rows, percent: percent(), status: 'running' });
      },
      read: (record) => importer.read(record),
      make: (draft) => rows.make(draft),
    });
  }

  /** Ends the import with this error; false when it was completed, and only the answer of the database was lost. */
  private async hasFailed(started: NewImport, run: ImportRun, error: unknown): Promise<boolean> {
    const shown = error instanceof AppError ? error : new AppError('internal', 'The import failed unexpectedly.');
    if (shown !== error) this.logger.error('usage_import_failed', { import_id: started.id, error });
    try {
      return await this.store.fail(started, run.rejects, shown);
    } catch (cause) {
      // The database may be what failed; then failAbandoned() ends the import later.
      this.logger.warn('usage_import_not_closed', { import_id: started.id, error: cause });
      return true;
    }
  }

  private tell({ id, userId }: NewImport, { rows, percent, status }: Told): void {
    this.progress.tell({ importId: id, userId, rows, percent, status });
  }

  private async found({ tenantId, id }: NewImport): Promise<ImportRecord> {
    const record = await this.store.find(tenantId, id);
    if (record === undefined) throw new AppError('internal', 'The import is not there any more.');
    return record;
  }
}

/** From so many rows on plans change with them. */
export const STATISTICS_ROWS = 20_000;

/** Often enough to be watched, seldom enough to be no load. */
const PROGRESS_INTERVAL_MS = 250;

type Told = Pick<Progress, 'rows' | 'percent' | 'status'>;

/** What is read is not stored yet: 100 is for the end. */
const percentOf = ({ shareRead }: ImportRequest): number | undefined =>
  shareRead === undefined ? undefined : Math.min(99, Math.floor(shareRead() * 100));

interface Reading {
  readonly run: ImportRun;
  readonly file: UsageFile;
  readonly importer: UsageImporter;
  readonly started: NewImport;
}

/** Generated rows never share a source with real ones. */
function withImporter(started: NewImport, { synthetic, label }: ImportRequest, importer: UsageImporter): NewImport {
  const source = synthetic === true ? 'synthetic' : importer.source;
  return { ...started, format: importer.format, source, label: label ?? importer.label };
}

function withImportId(error: unknown, importId: string): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, retryAfterMs, cause } = error;
  return new AppError(code, message, {
    details: { ...error.details, import_id: importId },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause,
  });
}
