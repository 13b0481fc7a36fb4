import { ERROR_CATALOGUE, isErrorCode } from '@goldenpath/protocol';
import { z } from 'zod';

const codes = z.enum(Object.keys(ERROR_CATALOGUE).filter(isErrorCode));

/** The body of every REST answer that is not a success, for the OpenAPI document. */
export const errorAnswer = z.object({
  error: z.object({
    code: codes,
    message: z.string(),
    retryable: z.boolean(),
    retry_after_ms: z.int().optional(),
    error_id: z.uuid().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
