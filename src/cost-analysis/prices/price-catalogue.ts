import { calcPrice, findProvider, updatePrices, waitForUpdate } from '@pydantic/genai-prices';
import type { ConditionalPrice, ModelInfo, Provider } from '@pydantic/genai-prices';
import { z } from 'zod';
import { canonicalProvider, namesToTry } from './model-name.js';
import type { NameToTry } from './model-name.js';
import { rateCard } from './token-rates.js';
import type { RateCard } from './token-rates.js';

/** The installed catalogue; the day is that of its publication. Reports show both as "prices as of". */
const CATALOGUE = { name: '@pydantic/genai-prices', version: '0.1.8', asOf: '2026-09-23' } as const;

const INSTALLED = `genai-prices ${CATALOGUE.version}`;

/** A model of the catalogue with its prices in exact form, for all periods. */
export interface CatalogueModel {
  readonly provider: string;
  readonly modelId: string;
  readonly name: string;
  readonly contextWindow: number | undefined;
  readonly deprecated: boolean;
  /** Whether prices differ by the time of day: a bucket of hours can't be priced exactly then. */
  readonly hasTimeOfDayPrices: boolean;
  ratesAt(at: Date): RateCard;
}

/** Names that were asked for are remembered; a tenant's file can hold a million different ones. */
const REMEMBERED_NAMES_MAX = 20_000;

/** Finds models by the names that sources give them. */
export class PriceCatalogue {
  private readonly remembered = new Map<string, CatalogueModel | undefined>();
  private listed: Promise<CatalogueModel[]> | undefined;
  private fetchedOn: string | undefined;

  get version(): string {
    return this.fetchedOn === undefined ? INSTALLED : `${INSTALLED} fetched ${this.fetchedOn}`;
  }

  get asOf(): string {
    return this.fetchedOn ?? CATALOGUE.asOf;
  }

  /** Models whose provider, id or name hold all words of the query, the shortest ids first. */
  async search(query: string, limit: number): Promise<CatalogueModel[]> {
    this.listed ??= allModels();
    const words = query.toLowerCase().split(/\s+/);
    const holdsAll = ({ provider, modelId, name }: CatalogueModel) => {
      const text = `${provider} ${modelId} ${name}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const found = (await this.listed).filter(holdsAll);
    return found
      .sort((a, b) => a.modelId.length - b.modelId.length || (a.modelId + a.provider < b.modelId + b.provider ? -1 : 1))
      .slice(0, limit);
  }

  /** Each size once, in tokens, ascending. */
  async contextWindows(): Promise<number[]> {
    const sizes = (await listedProviders()).flatMap(({ models }) =>
      models.flatMap((model) => model.context_window ?? []),
    );
    return [...new Set(sizes)].sort((a, b) => a - b);
  }

  /** Takes the list that genai-prices publishes; answers how many models it has. Throws when it is none, and the old one stays. */
  async replace(list: unknown, fetchedOn: string): Promise<number> {
    const providers = providerList.parse(list);
    // The library checks prices and periods itself, and throws before it takes anything.
    updatePrices(({ setProviderData }) => setProviderData(providers as unknown as Provider[]));
    this.remembered.clear();
    this.listed = allModels();
    this.fetchedOn = fetchedOn;
    return (await this.listed).length;
  }

  /** The model that is meant, or undefined when the catalogue knows none. */
  find(modelRaw: string, provider?: string): CatalogueModel | undefined {
    const key = provider === undefined ? modelRaw : `${provider}\n${modelRaw}`;
    if (this.remembered.has(key)) return this.remembered.get(key);
    if (this.remembered.size >= REMEMBERED_NAMES_MAX) this.remembered.clear();
    const model = lookUp(modelRaw, provider);
    this.remembered.set(key, model);
    return model;
  }
}

/** What must be there to find a model; the rest is the library's business. */
const providerList = z
  .array(
    z.looseObject({
      id: z.string().min(1),
      name: z.string(),
      models: z.array(
        z.looseObject({
          id: z.string().min(1),
          match: z.looseObject({}),
          prices: z.array(z.looseObject({})).min(1).or(z.looseObject({})),
        }),
      ),
    }),
  )
  .min(1);

const listedProviders = async (): Promise<Provider[]> => (await waitForUpdate()) ?? [];

async function allModels(): Promise<CatalogueModel[]> {
  return (await listedProviders()).flatMap(({ id, models }) => models.map((model) => catalogueModel(id, model)));
}

function lookUp(modelRaw: string, provider: string | undefined): CatalogueModel | undefined {
  for (const name of namesToTry(modelRaw, provider)) {
    const found = ask(name);
    if (found !== undefined) return found;
  }
  return byOwnId(modelRaw, provider);
}

/** Some ids of the catalogue (those of Bedrock's regions) are none of the names that it knows them by; stored usage has the id. */
function byOwnId(modelId: string, provider: string | undefined): CatalogueModel | undefined {
  if (provider === undefined) return undefined;
  const host = findProvider({ providerId: canonicalProvider(provider) });
  const model = host?.models.find(({ id }) => id === modelId);
  return host === undefined || model === undefined ? undefined : catalogueModel(host.id, model);
}

function ask({ provider, model }: NameToTry): CatalogueModel | undefined {
  if (model === '') return undefined;
  const known = provider !== undefined && findProvider({ providerId: provider }) !== undefined;
  const match = calcPrice({}, model, known ? { providerId: provider } : {});
  return match === null ? undefined : catalogueModel(match.provider.id, match.model);
}

function catalogueModel(provider: string, model: ModelInfo): CatalogueModel {
  const doubleFor1h = model.id.includes('claude');
  const listed = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const periods = listed.map((price) => ({ price, rates: rateCard(price.prices, doubleFor1h) }));
  const fallback = rateCard({}, doubleFor1h);
  return {
    provider,
    modelId: model.id,
    name: model.name ?? model.id,
    contextWindow: model.context_window,
    deprecated: model.deprecated ?? false,
    hasTimeOfDayPrices: listed.some(({ constraint }: ConditionalPrice) => constraint?.type === 'time_of_date'),
    // The catalogue's own rule: the last period that applies, else the first.
    ratesAt: (at) => (periods.findLast(({ price }) => appliesAt(price, at)) ?? periods[0])?.rates ?? fallback,
  };
}

function appliesAt({ constraint }: ConditionalPrice, at: Date): boolean {
  if (constraint === undefined) return true;
  if (constraint.type === 'start_date') return at.getTime() >= Date.parse(constraint.start_date);
  const time = at.getTime() - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const [start, end] = [timeOfDayMs(constraint.start_time), timeOfDayMs(constraint.end_time)];
  return end < start ? time >= start || time < end : time >= start && time < end;
}

/** "16:30:00Z" or "09:00:00+08:00" as milliseconds since midnight UTC. */
function timeOfDayMs(text: string): number {
  const dayMs = 86_400_000;
  return (((Date.parse(`2000-01-02T${text}`) - Date.UTC(2000, 0, 2)) % dayMs) + dayMs) % dayMs;
}
