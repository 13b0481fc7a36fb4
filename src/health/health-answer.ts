import { z } from 'zod';
import type { Health } from './health-report.js';

const check = z.object({
  status: z.enum(['up', 'down', 'degraded', 'waiting', 'running', 'done', 'failed']),
  latency_ms: z.int(),
  address: z.string().exactOptional().meta({ description: 'For platform admins' }),
  message: z.string().exactOptional().meta({ description: 'For platform admins: what the service answered with' }),
});

/** How the server is, for the OpenAPI document. */
export const healthAnswer = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.literal('goldenpath'),
  version: z.string(),
  timestamp: z.string().meta({ format: 'date-time' }),
  uptime_seconds: z.int(),
  mode: z.enum(['full', 'degraded', 'limited', 'starting', 'draining', 'stopped']),
  checks: z.record(z.string(), check).meta({ description: 'By service, or by phase of the start' }),
}) satisfies z.ZodType<Health>;
