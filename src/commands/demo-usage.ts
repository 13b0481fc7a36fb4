import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SAMPLE_LABEL, sampleUsage } from '../cost-analysis/sample/sample-usage.js';
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

/** Imports the real trace where it is, else the generated sample. Importing again changes nothing. */
export async function importDemoUsage(url: string, token: string): Promise<DemoUsage> {
  const isSynthetic = !existsSync(TRACE);
  const query = isSynthetic ? SAMPLE_QUERY : TRACE_QUERY;
  const { accepted, duplicates, label } = await callRest(`${url}/api/usage/imports?${query.toString()}`, imported, {
    method: 'POST',
    token,
    body: isSynthetic ? Readable.from(sampleUsage()) : createReadStream(TRACE),
    contentType: 'text/csv',
  });
  return { label, rows: accepted + duplicates, isSynthetic };
}
