import { setImmediate as turn } from 'node:timers/promises';

const CHUNK_ROWS = 500;
const HEADER =
  'request_id,timestamp,model,provider,input_tokens,cached_tokens,output_tokens,cost,team,project,feature,user,status,latency_ms,stream';
/** What finding repeated prompts and prefixes needs; most logs have neither. */
const PROMPT_HEADER = ',prompt_hash,prefix_hash';
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-5-mini', 'gpt-4.1'];
const TEAMS = ['support', 'search', 'sales', 'platform'];
const FEATURES = ['answers', 'triage', 'summaries', 'routing', 'drafts'];
/** The time that a file covers, however many rows it has. */
const PERIOD_MS = 90 * 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

export interface UsageCsvOptions {
  readonly rows: number;
  /** Padding in a column that no importer knows. */
  readonly rowBytes?: number;
  readonly withPrompts?: boolean;
}

/** A file of usage that is made as it is sent: 90 days of requests, each with what a log of requests has. */
export class UsageCsv {
  /** What was sent so far. */
  bytes = 0;

  constructor(private readonly options: UsageCsvOptions) {}

  /** Others in this process, who measure meanwhile, get their turn between two. */
  async *chunks(): AsyncGenerator<Buffer> {
    const { rows, rowBytes = 0, withPrompts = false } = this.options;
    const padding = rowBytes > 0 ? `,${'x'.repeat(rowBytes)}` : '';
    yield this.counted(`${HEADER}${withPrompts ? PROMPT_HEADER : ''}${rowBytes > 0 ? ',notes' : ''}\n`);
    for (let row = 0; row < rows; row += CHUNK_ROWS) {
      await turn();
      let text = '';
      for (let index = row; index < Math.min(row + CHUNK_ROWS, rows); index += 1)
        text += `${rowOf(index, rows)}${withPrompts ? promptOf(index, rows) : ''}${padding}\n`;
      yield this.counted(text);
    }
  }

  private counted(text: string): Buffer {
    const chunk = Buffer.from(text);
    this.bytes += chunk.length;
    return chunk;
  }
}

function rowOf(index: number, rows: number): string {
  const spread = (index * 7919) % 9973;
  const [input, output] = [400 + (spread % 3000), 50 + (spread % 700)];
  return [
    `request-${index.toString().padStart(12, '0')}`,
    new Date(START_MS + Math.floor((index / rows) * PERIOD_MS)).toISOString(),
    MODELS[index % MODELS.length] ?? '',
    'openai',
    input,
    spread % 300,
    output,
    ((input * 2.5 + output * 10) / 1_000_000).toFixed(6),
    TEAMS[spread % TEAMS.length] ?? '',
    'portal',
    FEATURES[spread % FEATURES.length] ?? '',
    `u${spread % 200}`,
    spread % 97 === 0 ? 'error' : 'ok',
    300 + (spread % 900),
    spread % 3 === 0 ? 'false' : 'true',
  ].join(',');
}

/** One in ten prompts comes twice, each of 400 prefixes all the time. */
const promptOf = (index: number, rows: number): string => `,p${(index * 31) % Math.ceil(rows * 0.9)},s${index % 400}`;
