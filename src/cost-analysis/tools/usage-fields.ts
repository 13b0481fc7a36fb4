/** A field that usage data may or may not carry: how to see it in a row, what it makes possible, and what the importer reads it from. */
export interface UsageField {
  readonly name: string;
  /** SQL condition that is true for a row that carries it; a constant. */
  readonly present: string;
  readonly enables: string;
  /** Without the core fields there is no honest analysis of cost; the others add to it. */
  readonly core: boolean;
  /** Columns of the generic format. */
  readonly columns: string;
}

/** Says whether work could be, or is, a batch. */
export const HAS_BATCH_FLAG = '(stream IS NOT NULL OR is_batch IS NOT NULL)';

/** The position in this list is the bit in data_quality's mask: at most 31. */
export const USAGE_FIELDS: readonly UsageField[] = [
  {
    name: 'model',
    present: '(model_id IS NOT NULL OR model_raw IS NOT NULL)',
    enables: 'cost by model and cheaper-model simulations',
    core: true,
    columns: 'model',
  },
  {
    name: 'tokens',
    present: '(input_total > 0 OR output_total > 0)',
    enables: 'recomputing cost from list prices',
    core: true,
    columns: 'input_tokens, output_tokens',
  },
  {
    name: 'cost',
    present: '(cost_computed IS NOT NULL OR cost_reported IS NOT NULL)',
    enables: 'any figure in USD',
    core: true,
    columns: 'model with input_tokens and output_tokens, or cost',
  },
  {
    name: 'reported cost',
    present: 'cost_reported IS NOT NULL',
    enables: 'reconciling what was billed with list prices',
    core: false,
    columns: 'cost',
  },
  { name: 'team', present: 'team IS NOT NULL', enables: 'cost by team', core: false, columns: 'team' },
  { name: 'project', present: 'project IS NOT NULL', enables: 'cost by project', core: false, columns: 'project' },
  {
    name: 'feature',
    present: 'feature IS NOT NULL',
    enables: 'cost by feature and savings that fit each feature',
    core: false,
    columns: 'feature',
  },
  {
    name: 'user',
    present: 'user_hash IS NOT NULL',
    enables: 'cost by user (stored as a hash)',
    core: false,
    columns: 'user',
  },
  {
    name: 'single requests',
    present: `row_kind = 'request'`,
    enables: 'savings by output limits',
    core: false,
    columns: 'one row for each request',
  },
  {
    name: 'latency',
    present: 'latency_ms IS NOT NULL',
    enables: 'weighing cost against latency',
    core: false,
    columns: 'latency_ms',
  },
  {
    name: 'streaming or batch flag',
    present: HAS_BATCH_FLAG,
    enables: 'savings by batch discounts',
    core: false,
    columns: 'stream, is_batch',
  },
  {
    name: 'prompt hash',
    present: 'prompt_hash IS NOT NULL',
    enables: 'finding duplicate requests and retry waste',
    core: false,
    columns: 'prompt_hash',
  },
  {
    name: 'prefix hash',
    present: 'prefix_hash IS NOT NULL',
    enables: 'savings by prompt caching',
    core: false,
    columns: 'prefix_hash',
  },
];
