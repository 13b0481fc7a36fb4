import { RejectedRow } from '../rejected-row.js';
import { billedAmount, checkCurrency } from './billed-amount.js';
import { objectOf } from './json-values.js';
import { extraTags, namedTags } from './extra-tags.js';
import { textOf } from './field-values.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import { focusTokens } from './focus-tokens.js';
import type { UsageImporter } from './importer.js';

const reader = new FieldReader({
  billedCost: ['BilledCost'],
  effectiveCost: ['EffectiveCost'],
  listCost: ['ListCost'],
  currency: ['BillingCurrency'],
  start: ['ChargePeriodStart'],
  end: ['ChargePeriodEnd'],
  provider: ['ProviderName'],
  service: ['ServiceName'],
  category: ['ServiceCategory'],
  chargeCategory: ['ChargeCategory'],
  chargeDescription: ['ChargeDescription'],
  chargeClass: ['ChargeClass'],
  sku: ['SkuId'],
  meter: ['SkuMeter'],
  skuDetails: ['SkuPriceDetails'],
  consumed: ['ConsumedQuantity'],
  consumedUnit: ['ConsumedUnit'],
  priced: ['PricingQuantity'],
  pricingUnit: ['PricingUnit'],
  account: ['SubAccountId'],
  accountName: ['SubAccountName'],
  resource: ['ResourceId'],
  resourceName: ['ResourceName'],
  tags: ['Tags'],
});
type Field = Parameters<typeof reader.has>[1];

const AI_CATEGORY = 'ai and machine learning';

/** How FOCUS exports call those whose prices the catalogue has. */
const PROVIDERS: Readonly<Record<string, string>> = {
  microsoft: 'azure',
  'microsoft azure': 'azure',
  aws: 'aws',
  'amazon web services': 'aws',
  'google cloud': 'google',
  'google cloud platform': 'google',
  gcp: 'google',
};

/** FOCUS 1.2, the FinOps bill format: lines for AI services; others are no usage of language models and are rejected. */
export const focus: UsageImporter = {
  format: 'focus',
  source: 'focus',
  label: 'FOCUS bill',
  needs: 'columns BilledCost, BillingCurrency, ChargePeriodStart, ProviderName and ServiceCategory',
  recognises: ({ first }) => reader.has(first.names, 'billedCost', 'start') && reader.has(first.names, 'provider'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, tsEnd, category] = [fields.time('start'), fields.time('end'), fields.text('category')];
    if (tsStart === undefined) throw new RejectedRow('ChargePeriodStart is empty');
    if (category !== undefined && category.toLowerCase() !== AI_CATEGORY)
      throw new RejectedRow(`the service category is ${category}, not AI and Machine Learning`);
    checkCurrency(fields.value('currency'));
    const provider = fields.text('provider')?.toLowerCase();
    const tags = objectOf(fields.value('tags'));
    return [
      {
        identity: identityOf(fields, tsStart),
        rowKind: 'bucket',
        isBill: true,
        tsStart,
        tsEnd,
        provider: provider === undefined ? undefined : (PROVIDERS[provider] ?? provider),
        modelRaw: modelOf(fields),
        operation: fields.text('service'),
        ...focusTokens({
          meter: [fields.text('meter'), fields.text('sku'), fields.text('chargeDescription')].filter(Boolean).join(' '),
          quantity: fields.value('consumed') ?? fields.value('priced'),
          unit: fields.value('consumed') === undefined ? fields.text('pricingUnit') : fields.text('consumedUnit'),
        }),
        status: 'ok',
        team: tagNamed(tags, 'team'),
        project: tagNamed(tags, 'project') ?? fields.text('accountName') ?? fields.text('account'),
        feature: tagNamed(tags, 'feature'),
        tags: { ...billTags(fields), ...extraTags([...Object.entries(tags), ...fields.extras()]) },
        costReportedNanoUsd: billedAmount(fields.value('billedCost')),
      },
    ];
  },
};

/**
 * FOCUS has no id of a line. Amounts and quantities of an open period grow; what they are for stays. A correction of a closed period is a line
 * beside the one that it corrects, told apart by its charge class alone.
 */
function identityOf(fields: Fields<Field>, tsStart: Date): string {
  const chargeClass = fields.text('chargeClass');
  const named = ['provider', 'sku', 'meter', 'account', 'resource', 'chargeCategory', 'chargeDescription'] as const;
  return JSON.stringify([
    tsStart,
    fields.time('end'),
    ...named.map((name) => fields.text(name) ?? null),
    fields.value('tags') ?? null,
    ...(chargeClass === undefined ? [] : [chargeClass]),
  ]);
}

/** The price details of a SKU name the model where a provider fills them in; else the resource or the meter may. */
function modelOf(fields: Fields<Field>): string | undefined {
  const details = objectOf(fields.value('skuDetails'));
  const named = Object.entries(details).find(([name]) => /^(x_)?model(_?name|_?id)?$/i.test(name));
  return textOf(named?.[1]) ?? fields.text('resourceName') ?? fields.text('meter');
}

function tagNamed(tags: Readonly<Record<string, unknown>>, dimension: string): string | undefined {
  return textOf(Object.entries(tags).find(([name]) => name.toLowerCase() === dimension)?.[1]);
}

function billTags(fields: Fields<Field>) {
  return namedTags({
    sku: fields.value('sku'),
    meter: fields.value('meter'),
    charge_category: fields.value('chargeCategory'),
    effective_cost: fields.value('effectiveCost'),
    list_cost: fields.value('listCost'),
    account: fields.value('account'),
  });
}
