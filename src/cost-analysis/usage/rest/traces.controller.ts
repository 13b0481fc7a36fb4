import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { CurrentIdentity } from '../../../auth/current-identity.decorator.js';
import type { Identity } from '../../../auth/identity.js';
import { AppError } from '../../../errors/app-error.js';
import { errorAnswer } from '../../../errors/error-answer.js';
import { SpanIntake } from '../span-intake.js';
import { readJsonObject } from './json-body.js';

/** ExportTraceServiceResponse: partialSuccess is empty when every span was taken (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response). */
const exportAnswer = z.object({
  partialSuccess: z.object({ rejectedSpans: z.int().optional(), errorMessage: z.string().optional() }),
});
type ExportAnswer = z.output<typeof exportAnswer>;

/** Where OpenTelemetry exporters send to: spans of calls to language models are usage, others are taken and not kept. */
@ApiTags('usage')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('v1/traces')
export class TracesController {
  constructor(private readonly spans: SpanIntake) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'OTLP/HTTP export of spans, as JSON, plain or gzip' })
  @ApiBody({ description: 'ExportTraceServiceRequest', schema: { type: 'object' } })
  @ApiOkResponse({ standardSchema: exportAnswer })
  async export(@CurrentIdentity() scope: Identity, @Req() request: Request): Promise<ExportAnswer> {
    const body = await readJsonObject(request);
    const { resourceSpans } = body;
    if (resourceSpans !== undefined && !Array.isArray(resourceSpans)) {
      throw new AppError('validation_failed', 'resourceSpans must be a list.', {
        details: { issues: [{ path: 'resourceSpans', message: 'must be a list' }] },
      });
    }
    const { rejected, reason } = await this.spans.take(scope, body);
    return { partialSuccess: rejected === 0 ? {} : { rejectedSpans: rejected, errorMessage: reason ?? '' } };
  }
}
