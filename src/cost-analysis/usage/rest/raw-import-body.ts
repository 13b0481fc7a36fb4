import type { NextFunction, Request, Response } from 'express';

/** Where files are sent to, and exports of spans. */
export const RAW_BODY_PATHS = ['/api/usage/imports', '/v1/traces'] as const;

/**
 * Middleware for RAW_BODY_PATHS, in front of Nest's body parsers: hides the content type from the one that would read a whole JSON file into
 * memory and refuse it above 100 kB. What a file is, is told by its content.
 */
export function keepRawBody(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'POST' && request.is(['json', '+json', 'urlencoded', 'text']) !== false) {
    request.headers['content-type'] = 'application/octet-stream';
  }
  next();
}
