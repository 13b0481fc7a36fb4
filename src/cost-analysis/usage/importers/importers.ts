import { AppError } from '../../../errors/app-error.js';
import type { FileSample } from '../reading/usage-file.js';
import { anthropicCost, anthropicCostCsv } from './anthropic-cost.js';
import { anthropicUsage, anthropicUsageCsv } from './anthropic-usage.js';
import { azureTrace } from './azure-trace.js';
import { burstgpt } from './burstgpt.js';
import { focus } from './focus.js';
import { generic } from './generic.js';
import { helicone } from './helicone.js';
import type { UsageImporter } from './importer.js';
import { langfuse } from './langfuse.js';
import { litellmDailySpend } from './litellm-daily-spend.js';
import { litellmSpendLogs } from './litellm-spend-logs.js';
import { mooncake } from './mooncake.js';
import { openaiActivity } from './openai-activity.js';
import { openaiCosts, openaiCostsCsv } from './openai-costs.js';
import { openaiUsageCsv } from './openai-usage-csv.js';
import { openaiUsage } from './openai-usage.js';
import { otelSpans } from './otel-spans.js';
import { providerResponses } from './provider-responses.js';

/** All importers, the most particular first: `auto` takes the first that recognises the file. */
const IMPORTERS: readonly UsageImporter[] = [
  azureTrace,
  burstgpt,
  mooncake,
  otelSpans,
  openaiUsage,
  openaiUsageCsv,
  openaiActivity,
  openaiCosts,
  openaiCostsCsv,
  anthropicUsage,
  anthropicUsageCsv,
  anthropicCost,
  anthropicCostCsv,
  litellmSpendLogs,
  litellmDailySpend,
  langfuse,
  helicone,
  focus,
  providerResponses,
  generic,
];

/** What `?format=` takes; `auto` finds it out from the file. */
export const IMPORT_FORMATS: readonly [string, ...string[]] = [
  'auto',
  ...new Set(IMPORTERS.map(({ format }) => format)),
];

/** The importer for a file. Throws AppError validation_failed when the file is not of the format, with what it needs and what was found. */
export function importerFor(format: string, sample: FileSample): UsageImporter {
  const candidates = IMPORTERS.filter((importer) => format === 'auto' || importer.format === format);
  const importer = candidates.find((candidate) => candidate.recognises(sample));
  if (importer !== undefined) return importer;
  const found = sample.first.names.slice(0, 40).map((name) => name.slice(0, 60));
  const expected = candidates.map(({ format: name, needs }) => `${name}: ${needs}`);
  throw new AppError(
    'validation_failed',
    `The file is not a usage file in a known format. Needed: ${expected.join('; ')}.`,
    {
      details: { issues: [{ path: 'format', message: `found the fields: ${found.join(', ') || 'none'}` }] },
    },
  );
}
