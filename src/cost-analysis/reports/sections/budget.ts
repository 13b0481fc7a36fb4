import type { JsonObject } from '../../../context/json.js';
import { plainText } from '../plain-text.js';
import { citation, textOf, type ReportData } from '../report-data.js';

const SCALES: Readonly<Record<string, number>> = { k: 1_000, m: 1_000_000 };

/** "$5,000", "5k usd" → 5000; undefined when it is no amount. */
export function budgetUsd(text: string): number | undefined {
  const [, digits = '', scale = ''] = /(\d[\d,]*(?:\.\d+)?)\s?([km]?)/i.exec(text) ?? [];
  const amount = Number(digits.replaceAll(',', '')) * (SCALES[scale.toLowerCase()] ?? 1);
  return digits === '' || Number.isNaN(amount) ? undefined : amount;
}

/** How the budget in the question compares with the forecast, taken as a budget for the forecast's horizon; undefined when none is named. */
export function budgetVerdict(data: ReportData, forecast: JsonObject): string | undefined {
  const { budget } = data.triage.entities;
  const limit = budget === undefined ? undefined : budgetUsd(budget);
  if (budget === undefined || limit === undefined) return undefined;
  const value = (key: string): number | undefined => {
    const fact = data.facts.facts.get(textOf(forecast, key) ?? '');
    return fact === undefined ? undefined : Number(fact.value);
  };
  const total = value('total_fact') ?? 0;
  const [low, high] = [value('low_fact') ?? total, value('high_fact') ?? total];
  const isTarget = data.facts.fact('forecast_spend', 'target_from') !== undefined;
  const time = isTarget ? 'for these days' : `for the same ${citation(data, 'forecast_spend', 'horizon') ?? 'days'}`;
  const taken = `${plainText(budget)}, taken as one ${time}`;
  if (isTarget && data.facts.fact('forecast_spend', 'horizon')?.value === '0')
    return total <= limit ? `${taken}, was kept.` : `${taken}, was exceeded.`;
  if (high <= limit) return `${taken}, is likely to hold: the whole expected range lies within it.`;
  if (low > limit) return `${taken}, is likely to be exceeded: the whole expected range lies above it.`;
  return total > limit
    ? `${taken}, is more likely exceeded than not: the expected spend lies above it, the range reaches below.`
    : `${taken}, is more likely kept than not: the expected spend lies within it, but the range reaches above.`;
}
