import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { Configuration } from './config/configuration.js';
import { Metrics } from './monitor/metrics.js';
import { Ids } from './telemetry/ids.js';
import { Logger } from './telemetry/logger.js';

/**
 * The order in which an HTTP request passes ([WS10]). The first three and the last are middleware, installed here in this
 * order; session/auth and rate limits are Nest guards, which run between the middleware and the handler.
 */
export const HTTP_STAGES = [
  'request_context',
  'cors',
  'security_headers',
  'authentication',
  'rate_limits',
  'logging',
] as const;

const REQUEST_ID = /^[\w.-]{8,100}$/;

export function installHttpPipeline(app: INestApplication): void {
  const configuration = app.get(Configuration);
  app.use(requestContext(app.get(Ids)));
  app.enableCors({ origin: corsOrigin(configuration), exposedHeaders: ['Retry-After', 'X-Request-Id'], maxAge: 600 });
  app.use(securityHeaders());
  app.use(accessLog(app.get(Logger), app.get(Metrics)));
}

/** What binds a browser to https is sent only where https is: over plain http it would cut the pages off from their own scripts. */
function securityHeaders(): RequestHandler {
  const [plain, secure] = [helmetFor(false), helmetFor(true)];
  return (request, response, next) => {
    const isSecure = request.secure || request.get('x-forwarded-proto') === 'https';
    (isSecure ? secure : plain)(request, response, next);
  };
}

const helmetFor = (isSecure: boolean): RequestHandler =>
  helmet({
    strictTransportSecurity: isSecure,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: isSecure ? [] : null,
      },
    },
  });

/** Takes the caller's request id, where it is a sane one, or makes one. */
const requestContext =
  (ids: Ids): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : ids.next();
    request.headers['x-request-id'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    next();
  };

/** One line when the answer is out. The query string is left out: it may hold a ticket. */
const accessLog =
  (logger: Logger, metrics: Metrics): RequestHandler =>
  (request: Request, response: Response, next: NextFunction) => {
    const startedMs = performance.now();
    response.on('finish', () => {
      const durationMs = performance.now() - startedMs;
      metrics.answered(response.statusCode, durationMs);
      logger.debug('http_request', {
        method: request.method,
        path: request.path,
        status: response.statusCode,
        duration_ms: Math.round(durationMs),
        request_id: request.get('x-request-id'),
      });
    });
    next();
  };

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const corsOrigin = ({ allowedOrigins }: Configuration): string[] | RegExp =>
  allowedOrigins === undefined ? LOCAL_ORIGIN : [...allowedOrigins];
