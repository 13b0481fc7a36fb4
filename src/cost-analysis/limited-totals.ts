import { Injectable } from '@nestjs/common';
import { LimitedAnswer } from '../agents/limited-answer.js';
import { Preferences } from '../auth/preferences.js';
import type { CurrencyDisplay } from '../context/user-preferences.js';
import type { UserScope } from '../persistence/sql.js';
import { usdDecimal } from './prices/money.js';
import { formatFact } from './reports/format-fact.js';
import { plainText } from './reports/plain-text.js';
import { UsageSummary, type SummaryRow, type UsageSummaryResult } from './usage/usage-summary.js';

const MODELS_SHOWN = 5;

const OPENING =
  '**Limited answer.** The agents are not ready at the moment, so your question was not analysed. ' +
  'These are the totals of your usage data, computed without them.';
const CLOSING =
  'Your history and the import of data work as usual. Ask again when the agents are back: connected clients are told.';
const NO_DATA =
  '**Limited answer.** The agents are not ready at the moment, so your question was not analysed, and there is no usage ' +
  'data yet of which totals could be shown.';

/** The totals of a tenant's usage as text: what is left of an analysis without agents. */
@Injectable()
export class LimitedTotals extends LimitedAnswer {
  constructor(
    private readonly summary: UsageSummary,
    private readonly preferences: Preferences,
  ) {
    super();
  }

  async compose(scope: UserScope): Promise<string> {
    const { tenantId } = scope;
    const { currencyDisplay: currency } = await this.preferences.of(scope);
    const everything = { tenantId, from: undefined, to: undefined };
    const byModel = await this.summary.summarise({ ...everything, groupBy: ['model'], grain: 'total' });
    if (byModel.total.rows === 0) return `${NO_DATA}\n\n${CLOSING}`;
    const byMonth = await this.summary.summarise({ ...everything, groupBy: [], grain: 'month' });
    const months = byMonth.rows.flatMap(({ period }) => (period === undefined ? [] : [monthOf(period)]));
    const parts = [
      OPENING,
      totalsOf(byModel.total, [...new Set(months)], currency),
      dearest(byModel, currency),
      CLOSING,
    ];
    return parts.join('\n\n');
  }
}

function totalsOf(total: SummaryRow, months: readonly string[], currency: CurrencyDisplay): string {
  const first = months[0] ?? '';
  const last = months.at(-1) ?? '';
  const { requests, costComputedNanoUsd: computed, costReportedNanoUsd: reported, unpricedRows } = total;
  return [
    `- Time covered (UTC): ${first === last ? first : `${first} to ${last}`}`,
    ...(requests === undefined ? [] : [`- Requests: ${shown(String(requests), 'count')}`]),
    `- Tokens: ${shown(String(total.inputTokens), 'tokens')} in, ${shown(String(total.outputTokens), 'tokens')} out`,
    `- Cost at list prices: ${computed === undefined ? 'not known' : usd(computed, currency)}`,
    ...(reported === undefined ? [] : [`- Cost as your sources report it: ${usd(reported, currency)}`]),
    ...(unpricedRows === 0
      ? []
      : [`- Without a known price, and in no cost: ${shown(String(unpricedRows), 'count')} records`]),
  ].join('\n');
}

function dearest({ rows }: UsageSummaryResult, currency: CurrencyDisplay): string {
  const lines = rows.slice(0, MODELS_SHOWN).map(({ group, costComputedNanoUsd: cost }) => {
    const name = plainText(group.model ?? 'unknown model');
    return `- ${name}: ${cost === undefined ? 'no known price' : usd(cost, currency)}`;
  });
  const others = rows.length - lines.length;
  return ['By model, at list prices:', '', ...lines, ...(others > 0 ? [`- and ${others} more`] : [])].join('\n');
}

const NO_ORIGIN = { id: '', formula: '', inputs: [], as_of: null };

const shown = (value: string, unit: 'count' | 'tokens'): string =>
  formatFact({ ...NO_ORIGIN, value, unit, decimals: 0 });

const usd = (nanoUsd: bigint, currency: CurrencyDisplay): string =>
  formatFact({ ...NO_ORIGIN, value: usdDecimal(nanoUsd), unit: 'usd', decimals: 2 }, currency);

const MONTH_FORMAT = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthOf = (period: Date): string => MONTH_FORMAT.format(period);
