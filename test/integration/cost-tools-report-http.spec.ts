import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import { Preferences } from '../../src/auth/preferences.js';
import { DEFAULT_PREFERENCES, type UserPreferences } from '../../src/context/user-preferences.js';
import { ReportStore, type StoredReport } from '../../src/cost-analysis/reports/report-store.js';
import { ReportsController } from '../../src/cost-analysis/reports/reports.controller.js';
import { ErrorFilter } from '../../src/errors/error.filter.js';
import { UnexpectedErrors } from '../../src/errors/unexpected-errors.js';
import { Logger } from '../../src/telemetry/logger.js';
import { Ids } from '../../src/telemetry/ids.js';

const REPORT_ID = '0190a000-0000-7000-8000-000000000001';
const PATH = `/api/reports/${REPORT_ID}/charts/1.svg`;

const stored: StoredReport = {
  id: REPORT_ID,
  thread_id: 't1',
  run_id: 'run1',
  title: 'AI cost report',
  markdown: `# AI cost report\n\n<script>alert(1)</script>\n\n![One \\[model\\] is all of it.](${PATH})\n\n![foreign](/api/reports/x/charts/9.svg)`,
  facts: [
    {
      id: 'cost_breakdown.total',
      value: '1234.500000000',
      unit: 'usd',
      decimals: 2,
      formula: 'Σ cost | sum',
      inputs: ['cost_computed'],
      as_of: '2025-01-01T10:00:00.000Z',
    },
  ],
  charts: [
    {
      kind: 'pareto',
      title: 'Spend by model',
      alternative_text: 'One [model] is all of it.',
      data: { entries: [{ name: '<b>gpt-4o</b>', usd: 5, running: 1 }] },
    },
  ],
  created_at: '2025-01-01T00:00:00.000Z',
};

const preferred: UserPreferences = { ...DEFAULT_PREFERENCES, currencyDisplay: 'USD' };

describe('GET /api/reports/:id', () => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    const reports = { find: (_scope: unknown, id: string) => Promise.resolve(id === REPORT_ID ? stored : undefined) };
    const module = await Test.createTestingModule({
      controllers: [ReportsController],
      providers: [
        { provide: ReportStore, useValue: reports },
        { provide: Preferences, useValue: { of: () => Promise.resolve(preferred) } },
      ],
    }).compile();
    app = module.createNestApplication({ logger: false });
    app.use((request: Request, _response: Response, next: NextFunction) => {
      Object.assign(request, {
        user: { userId: 'u', tenantId: 't', sessionId: 's', roles: ['user'], expiresAt: new Date() },
      });
      next();
    });
    app.useGlobalFilters(new ErrorFilter(new UnexpectedErrors(new Ids(), new Logger('silent'))));
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/api/reports`;
  });

  afterAll(() => app.close());

  const get = async (id: string, accept?: string) => {
    const response = await fetch(`${url}/${id}`, accept === undefined ? {} : { headers: { accept } });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      policy: response.headers.get('content-security-policy'),
      text: await response.text(),
    };
  };

  it('is JSON unless something else is asked for', async () => {
    const answer = await get(REPORT_ID);
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('application/json') });
    expect(JSON.parse(answer.text)).toEqual({
      ...stored,
      charts: stored.charts.map((chart) => ({
        ...chart,
        data: { entries: [{ name: '<b>gpt-4o</b>', usd: '5.000000000', running: 1 }] },
        number: 1,
        path: PATH,
      })),
    });
  });

  it('is Markdown as it was written, and how each figure was made', async () => {
    const { type, text } = await get(REPORT_ID, 'text/markdown');
    expect(type).toBe('text/markdown; charset=utf-8');
    expect(text.startsWith(`${stored.markdown}\n\n## Appendix: how each figure was made\n`)).toBe(true);
    expect(text).toContain('| USD 1,234.50 | cost_breakdown.total | Σ cost \\| sum | cost_computed | 2025-01-01 |');
  });

  it('is a page in which nothing runs', async () => {
    const answer = await get(REPORT_ID, 'text/html');
    expect(answer.type).toBe('text/html; charset=utf-8');
    expect(answer.policy).toContain(`default-src 'none'`);
    expect(answer.text).not.toContain('<script');
    expect(answer.text).toMatch(/<figure><svg .*<title>Spend by model<\/title>.*<\/svg><\/figure>/s);
    expect(answer.text).not.toMatch(/<img|<b>/);
  });

  it('has its charts as pictures that nobody else keeps', async () => {
    const response = await fetch(`${url}/${REPORT_ID}/charts/1.svg`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('image/svg+xml');
    expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(response.headers.get('cache-control')).toContain('private');
    expect(await response.text()).toContain('<desc>One [model] is all of it.</desc>');
  });

  it.each(['2.svg', '0.svg', '1.png', '1', '01.svg', '..%2f1.svg'])('has no chart %s', async (file) => {
    const answer = await get(`${REPORT_ID}/charts/${file}`);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'not_found' } });
  });

  it('does not exist for anybody else', async () => {
    const answer = await get('r2');
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'not_found' } });
  });
});
