import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SAMPLE_LABEL } from '../cost-analysis/sample/sample-usage.js';
import { sampleYear } from '../cost-analysis/sample/sample-year.js';
import { callRest } from './rest.js';

/** A production chat service's hour (Azure/AzurePublicDataset, CC-BY-4.0), where it lies beside the project. */
const TRACE = fileURLToPath(new URL('../../../shared/data/AzureLLMInferenceTrace_conv.csv', import.meta.url));
const TRACE_QUERY = new URLSearchParams({ format: 'azure-trace', price_as: 'gpt-4o' });
const SAMPLE_QUERY = new URLSearchParams({ format: 'generic', synthetic: 'true', label: SAMPLE_LABEL });

const imported = z.object({ accepted: z.number(), duplicates: z.number(), rejected: z.number(), label: z.string() });

export interface DemoUsage {
  /** What reports call the data. */
  readonly label: string;
  readonly rows: number;
  readonly isSynthetic: boolean;
}

/** Imports a year of the sample company, and the real trace where it is. Importing again changes nothing. */
export async function importDemoUsage(url: string, token: string): Promise<DemoUsage[]> {
  const send = async (query: URLSearchParams, body: Readable): Promise<DemoUsage> => {
    const { accepted, duplicates, label } = await callRest(`${url}/api/usage/imports?${query.toString()}`, imported, {
      method: 'POST',
      token,
      body,
      contentType: 'text/csv',
    });
    return { label, rows: accepted + duplicates, isSynthetic: query === SAMPLE_QUERY };
  };
  const sample = await send(SAMPLE_QUERY, Readable.from(sampleYear()));
  return existsSync(TRACE) ? [sample, await send(TRACE_QUERY, createReadStream(TRACE))] : [sample];
}
