import type { Factor } from './token-rates.js';

export interface TierFactor {
  readonly tier: 'batch' | 'flex' | 'priority';
  readonly provider: string;
  /** The model of the catalogue it is for; absent: all models of the provider. */
  readonly modelId?: string;
  readonly factor: Factor;
  /** First day on which it applies. */
  readonly from: string;
  readonly source: string;
}

const HALF: Factor = { numerator: 1n, denominator: 2n };
const OPENAI_PRICING = 'https://platform.openai.com/docs/pricing';
const OPENAI_PRIORITY = 'https://openai.com/api-priority-processing/';

const priority = (modelId: string, from: string, [numerator, denominator]: readonly [bigint, bigint]): TierFactor => ({
  tier: 'priority',
  provider: 'openai',
  modelId,
  factor: { numerator, denominator },
  from,
  source: OPENAI_PRIORITY,
});

const half = (tier: 'batch' | 'flex', provider: string, [from, source]: readonly [string, string]): TierFactor => ({
  tier,
  provider,
  factor: HALF,
  from,
  source,
});

/**
 * What the price catalogue lacks: prices of service tiers, as a factor on the standard price of all tokens.
 * Checked on 2026-11-21. A tier that is not here is priced at the standard rate and marked tier_approximated.
 */
export const TIER_FACTORS: readonly TierFactor[] = [
  half('batch', 'openai', ['2024-04-15', OPENAI_PRICING]),
  half('flex', 'openai', ['2025-04-17', OPENAI_PRICING]),
  half('batch', 'anthropic', ['2024-10-08', 'https://platform.claude.com/docs/en/build-with-claude/batch-processing']),
  half('batch', 'google', ['2025-07-07', 'https://ai.google.dev/gemini-api/docs/batch-api']),
  half('batch', 'azure', ['2024-08-01', 'https://learn.microsoft.com/azure/ai-services/openai/how-to/batch']),
  half('batch', 'aws', ['2024-08-01', 'https://aws.amazon.com/bedrock/pricing/']),
  priority('gpt-4o', '2025-06-01', [17n, 10n]),
  priority('gpt-4o-2024-05-13', '2025-06-01', [7n, 4n]),
  priority('gpt-4o-mini', '2025-06-01', [5n, 3n]),
  priority('gpt-4.1', '2025-06-01', [7n, 4n]),
  priority('gpt-4.1-mini', '2025-06-01', [7n, 4n]),
  priority('gpt-4.1-nano', '2025-06-01', [2n, 1n]),
  priority('o3', '2025-06-01', [7n, 4n]),
  priority('o4-mini', '2025-06-01', [20n, 11n]),
  priority('gpt-5', '2025-08-07', [2n, 1n]),
  priority('gpt-5-mini', '2025-08-07', [9n, 5n]),
  priority('gpt-5.1', '2025-11-13', [2n, 1n]),
  priority('gpt-5.2', '2025-12-11', [2n, 1n]),
  priority('gpt-5.4', '2026-03-05', [2n, 1n]),
  priority('gpt-5.4-mini', '2026-03-05', [2n, 1n]),
];
