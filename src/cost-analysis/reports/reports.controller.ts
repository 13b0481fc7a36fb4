import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentIdentity } from '../../auth/current-identity.decorator.js';
import type { Identity } from '../../auth/identity.js';
import { AppError } from '../../errors/app-error.js';
import { REPORT_PAGE_POLICY, reportPage } from './report-html.js';
import { ReportStore } from './report-store.js';

/** Stored reports, as JSON (the default), Markdown or a page, by Accept. */
@Controller('api/reports')
export class ReportsController {
  constructor(private readonly reports: ReportStore) {}

  @Get(':id')
  async read(@CurrentIdentity() identity: Identity, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const report = await this.reports.find(identity, id);
    if (report === undefined) throw new AppError('not_found', 'There is no such report.');
    response.vary('Accept');
    const wanted = response.req.accepts(['application/json', 'text/markdown', 'text/html']);
    if (wanted === 'text/markdown') {
      response.type('text/markdown; charset=utf-8').send(report.markdown);
    } else if (wanted === 'text/html') {
      response.setHeader('Content-Security-Policy', REPORT_PAGE_POLICY);
      response.type('text/html; charset=utf-8').send(reportPage(report));
    } else {
      response.json(report);
    }
  }
}
