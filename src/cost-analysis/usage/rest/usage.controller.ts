import { Controller, Get, HttpStatus, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiDefaultResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { CurrentIdentity } from '../../../auth/current-identity.decorator.js';
import type { Identity } from '../../../auth/identity.js';
import { Preferences } from '../../../auth/preferences.js';
import { AppError } from '../../../errors/app-error.js';
import { errorAnswer } from '../../../errors/error-answer.js';
import { isId } from '../../../telemetry/ids.js';
import { PriceBook } from '../../prices/price-book.js';
import type { ImportRecord } from '../import-record.js';
import { UsageImportStore } from '../usage-import-store.js';
import { UsageImports } from '../usage-imports.js';
import { UsageSummary } from '../usage-summary.js';
import { BackgroundImports } from './background-imports.js';
import { multipartFile } from './multipart-file.js';
import { UploadSpool } from './upload-spool.js';
import { importAnswer, importAnswerOf, importsAnswer, summaryAnswer, summaryAnswerOf } from './usage-answers.js';
import type { ImportAnswer, ImportsAnswer, SummaryAnswer } from './usage-answers.js';
import { importQuery, importsQuery, summaryQuery } from './usage-queries.js';
import type { ImportQuery, ImportsQuery, SummaryQuery } from './usage-queries.js';

/** Usage in, and its totals out. Both belong to the tenant. */
@ApiTags('usage')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/usage')
export class UsageController {
  constructor(
    private readonly imports: UsageImports,
    private readonly background: BackgroundImports,
    private readonly store: UsageImportStore,
    private readonly spool: UploadSpool,
    private readonly summary: UsageSummary,
    private readonly prices: PriceBook,
    private readonly preferences: Preferences,
  ) {}

  @Post('imports')
  @ApiOperation({ summary: 'Import a file of usage: the body is the file' })
  @ApiConsumes('text/csv', 'application/json', 'application/x-ndjson', 'application/gzip', 'multipart/form-data')
  @ApiBody({ description: 'The file', schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ description: 'Imported', standardSchema: importAnswer })
  @ApiAcceptedResponse({
    description: 'Larger than 5 MB: it goes on; ask for its progress by id',
    standardSchema: importAnswer,
  })
  async create(
    @CurrentIdentity() scope: Identity,
    @Query({ schema: importQuery }) query: ImportQuery,
    @Req() request: Request,
  ): Promise<ImportAnswer> {
    const { defaultPriceModel } = await this.preferences.of(scope);
    const { stream, isLarge, shareRead } = await this.spool.receive(fileOf(request));
    const wanted = {
      scope,
      stream,
      shareRead,
      format: query.format,
      kind: isJsonLines(request) ? ('json-lines' as const) : undefined,
      priceAs: query.price_as ?? defaultPriceModel,
      tags: query.tags,
      synthetic: query.synthetic,
      supersedes: query.supersedes,
      label: query.label,
    };
    if (!isLarge) return importAnswerOf(await this.imports.import(wanted));
    const id = await this.background.start(wanted);
    request.res?.status(HttpStatus.ACCEPTED).setHeader('Location', `/api/usage/imports/${id}`);
    return importAnswerOf(await this.found(scope, id));
  }

  @Get('imports')
  @ApiOperation({ summary: 'Imports of the tenant, newest first' })
  @ApiOkResponse({ standardSchema: importsAnswer })
  async list(
    @CurrentIdentity() scope: Identity,
    @Query({ schema: importsQuery }) query: ImportsQuery,
  ): Promise<ImportsAnswer> {
    const found = await this.store.list(scope.tenantId, query.limit + 1, query.cursor);
    const page = found.slice(0, query.limit);
    return {
      data: page.map(importAnswerOf),
      next_cursor: found.length > page.length ? (page.at(-1)?.id ?? null) : null,
    };
  }

  @Get('imports/:id')
  @ApiOperation({ summary: 'An import, also while it is running' })
  @ApiOkResponse({ standardSchema: importAnswer })
  async one(@CurrentIdentity() scope: Identity, @Param('id') id: string): Promise<ImportAnswer> {
    return importAnswerOf(await this.found(scope, id));
  }

  @Get('summary')
  @ApiOperation({ summary: 'Totals of usage and cost, by up to three dimensions and a period' })
  @ApiOkResponse({ standardSchema: summaryAnswer })
  async totals(
    @CurrentIdentity() scope: Identity,
    @Query({ schema: summaryQuery }) query: SummaryQuery,
  ): Promise<SummaryAnswer> {
    const { from, to, group_by: groupBy, grain } = query;
    return summaryAnswerOf(
      await this.summary.summarise({ tenantId: scope.tenantId, from, to, groupBy, grain }),
      this.prices.asOf,
    );
  }

  private async found(scope: Identity, id: string): Promise<ImportRecord> {
    const record = isId(id) ? await this.store.find(scope.tenantId, id) : undefined;
    if (record === undefined) throw new AppError('not_found', 'There is no such import.');
    return record;
  }
}

/** By what the client sent: raw-import-body.ts may have hidden it. */
const isJsonLines = ({ rawHeaders }: Request): boolean =>
  rawHeaders.some(
    (header, index) =>
      header.toLowerCase() === 'content-type' &&
      index % 2 === 0 &&
      /^application\/(x-)?(ndjson|jsonl|jsonlines)\b/i.test(rawHeaders[index + 1] ?? ''),
  );

/** The bytes of the file in a request. Throws AppError validation_failed for an encoding other than gzip, which is unpacked later. */
function fileOf(request: Request): AsyncIterable<Buffer> {
  const encoding = request.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new AppError(
      'validation_failed',
      `The content encoding ${encoding.slice(0, 20)} is not supported; use gzip or none.`,
    );
  }
  const contentType = request.get('content-type') ?? '';
  return contentType.toLowerCase().startsWith('multipart/') ? multipartFile(request, contentType) : request;
}
