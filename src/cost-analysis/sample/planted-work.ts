import { PriceBook } from '../prices/price-book.js';
import { usdDecimal } from '../prices/money.js';
import type { SeededRandom } from './seeded-random.js';

/** What is wrong with the planted work, nano-USD over all of it: a tool that looks for it has to find as much. */
export interface PlantedTruth {
  /** Calls that failed and were billed. */
  failedNano: bigint;
  /** Calls whose answer was given within the hour before. */
  repeatedNano: bigint;
  /** What reads from a prompt cache would have saved. */
  cacheableNano: bigint;
}

export const nothingPlanted = (): PlantedTruth => ({ failedNano: 0n, repeatedNano: 0n, cacheableNano: 0n });

/** A call as the sample's file has it; what it leaves out is as usual. */
export interface PlantedCall {
  readonly time: Date;
  readonly model: string;
  readonly team: string;
  readonly feature: string;
  readonly input: number;
  readonly output: number;
  readonly failed: boolean;
  readonly prompt: string;
  readonly prefix: string;
  readonly costUsd: string;
}

const MODEL = 'gpt-4o';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Tokens of the house rules that stand before every contract. */
const RULES_TOKENS = 20_000;
const CONTRACTS = 6;
const SAME_QUESTIONS = 5;
const DOCUMENTS = 4;

/** Adds the work of one day, and what is wrong with it to the truth. */
export class PlantedWork {
  private readonly prices = new PriceBook();

  constructor(
    private readonly random: SeededRandom,
    private readonly truth: PlantedTruth,
  ) {}

  onDay(midnight: number): PlantedCall[] {
    return [...this.documents(midnight), ...this.questions(midnight), ...this.contracts(midnight)];
  }

  /** The first of the documents fails each day, is billed, and is sent again twenty seconds later. */
  private documents(midnight: number): PlantedCall[] {
    return Array.from({ length: DOCUMENTS }, (_, index) => {
      const at = midnight + 9 * HOUR_MS + index * 40 * MINUTE_MS;
      const document = {
        team: 'operations',
        feature: 'document-intake',
        prompt: `document ${midnight} ${index}`,
        input: this.random.around(24_000, 0.2),
      };
      const read = { ...document, at: at + 20_000, output: this.random.around(300, 0.3) };
      if (index > 0) return [this.call(read)];
      const failed = this.call({ ...document, at, output: 0, failed: true });
      this.truth.failedNano += this.costNano(failed);
      return [failed, this.call(read)];
    }).flat();
  }

  /** One question is asked again and again within an hour, word for word. */
  private questions(midnight: number): PlantedCall[] {
    const [input, output] = [this.random.around(16_000, 0.2), this.random.around(250, 0.2)];
    return Array.from({ length: SAME_QUESTIONS }, (_, index) => {
      const at = midnight + 13 * HOUR_MS + (5 + 9 * index) * MINUTE_MS;
      const asked = this.call({ team: 'support', feature: 'faq', prompt: `question ${midnight}`, at, input, output });
      if (index > 0) this.truth.repeatedNano += this.costNano(asked);
      return asked;
    });
  }

  /** Contracts are checked in a row, each after the same long rules, which no cache keeps. */
  private contracts(midnight: number): PlantedCall[] {
    return Array.from({ length: CONTRACTS }, (_, index) => {
      const at = midnight + 15 * HOUR_MS + index * MINUTE_MS;
      const own = 50 + this.random.below(1_500);
      const work = {
        team: 'legal',
        feature: 'contract-check',
        prompt: `contract ${midnight} ${index}`,
        prefix: 'house rules',
      };
      const checked = this.call({ ...work, at, input: RULES_TOKENS + own, output: this.random.around(200, 0.3) });
      if (index > 0) this.truth.cacheableNano += this.savedByReading(checked);
      return checked;
    });
  }

  private savedByReading(call: PlantedCall): bigint {
    return this.costNano(call) - this.costNano(call, RULES_TOKENS);
  }

  private call(work: Work): PlantedCall {
    const { at, failed = false, prefix = '', ...rest } = work;
    const call = { ...rest, time: new Date(at), model: MODEL, failed, prefix };
    return { ...call, costUsd: usdDecimal(this.costNano(call)) };
  }

  private costNano({ time, input, output }: Pick<PlantedCall, 'time' | 'input' | 'output'>, cached = 0): bigint {
    const { costNanoUsd = 0n } = this.prices.price({
      modelRaw: MODEL,
      provider: 'openai',
      at: time,
      rowKind: 'request',
      requests: null,
      inputUncached: input - cached,
      cacheRead: cached,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output,
    });
    return costNanoUsd;
  }
}

interface Work extends Pick<PlantedCall, 'team' | 'feature' | 'input' | 'output' | 'prompt'> {
  readonly at: number;
  readonly failed?: boolean;
  readonly prefix?: string;
}
