import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentIdentity } from '../../auth/current-identity.decorator.js';
import type { Identity } from '../../auth/identity.js';
import { Preferences } from '../../auth/preferences.js';
import { AppError } from '../../errors/app-error.js';
import { errorAnswer } from '../../errors/error-answer.js';
import { readFacts } from '../tools/fact.js';
import { chartData } from './charts/chart-answer.js';
import { chartPath } from './charts/chart-image.js';
import { renderChart } from './charts/render-chart.js';
import { reportAnswer } from './report-answer.js';
import { figuresAppendixMarkdown } from './report-appendix.js';
import { REPORT_PAGE_POLICY, reportPage } from './report-html.js';
import { ReportStore, type StoredReport } from './report-store.js';

/** Nothing in a picture runs or loads; its own styles are all it has. */
const CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Stored reports, as JSON (the default), Markdown or a page for print, by Accept; and their charts. */
@ApiTags('reports')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/reports')
export class ReportsController {
  constructor(
    private readonly reports: ReportStore,
    private readonly preferences: Preferences,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'A report; its Markdown or a page for print by Accept' })
  @ApiOkResponse({ standardSchema: reportAnswer })
  async read(@CurrentIdentity() identity: Identity, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const report = await this.found(identity, id);
    response.vary('Accept');
    const { currencyDisplay: currency } = await this.preferences.of(identity);
    const facts = readFacts(report.facts);
    const wanted = response.req.accepts(['application/json', 'text/markdown', 'text/html']);
    if (wanted === 'text/markdown') {
      response
        .type('text/markdown; charset=utf-8')
        .send(`${[report.markdown, figuresAppendixMarkdown(facts, currency)].join('\n\n').trimEnd()}\n`);
    } else if (wanted === 'text/html') {
      const page = reportPage({ ...report, facts, currency }, await drawn(report));
      response.setHeader('Content-Security-Policy', REPORT_PAGE_POLICY);
      response.type('text/html; charset=utf-8').send(page);
    } else {
      response.json(withPaths(report));
    }
  }

  @Get(':id/charts/:file')
  @ApiOperation({ summary: 'A chart of a report, <number>.svg, numbered from 1' })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  async chart(
    @CurrentIdentity() identity: Identity,
    @Param() { id, file }: { id: string; file: string },
    @Res() response: Response,
  ): Promise<void> {
    const number = /^([1-9]\d?)\.svg$/.exec(file)?.[1];
    const chart = number === undefined ? undefined : (await this.found(identity, id)).charts[Number(number) - 1];
    if (chart === undefined) throw new AppError('not_found', 'There is no such chart.');
    response.setHeader('Content-Security-Policy', CHART_POLICY);
    // A report never changes, and a shared cache must not have it.
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable');
    response.type('image/svg+xml').send(await renderChart(chart));
  }

  private async found(identity: Identity, id: string): Promise<StoredReport> {
    const report = await this.reports.find(identity, id);
    if (report === undefined) throw new AppError('not_found', 'There is no such report.');
    return report;
  }
}

const withPaths = (report: StoredReport) => ({
  ...report,
  charts: report.charts.map((chart, index) => ({
    ...chart,
    data: chartData(chart),
    number: index + 1,
    path: chartPath(report.id, index + 1),
  })),
});

/** One after the other, so that others get their turn in between. */
async function drawn({ charts }: StoredReport): Promise<string[]> {
  const pictures: string[] = [];
  for (const chart of charts) pictures.push(await renderChart(chart));
  return pictures;
}
