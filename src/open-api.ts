import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Configuration } from './config/configuration.js';

const require = createRequire(import.meta.url);

/** The REST description at /docs and /docs/openapi.json. */
export function installOpenApi(app: INestApplication, configuration: Configuration): void {
  const description = new DocumentBuilder()
    .setTitle('Goldenpath')
    .setDescription('Multi-user, real-time AI agent server: REST beside the WebSocket at /ws.')
    .setVersion(configuration.version)
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => withOptionalHeaders(SwaggerModule.createDocument(app, description)), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
  installAsyncApi(app);
}

/** The description of the WebSocket at /docs/asyncapi.json, which `npm run docs` makes from the types of the protocol. */
function installAsyncApi(app: INestApplication): void {
  const text = readFileSync(require.resolve('@goldenpath/protocol/asyncapi.json'), 'utf8');
  app.getHttpAdapter().get('/docs/asyncapi.json', (_request: Request, response: Response) => {
    response.type('application/json').send(text);
  });
}

/** A handler that reads a header does not ask for it: Nest can't tell the two apart. */
function withOptionalHeaders(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      for (const parameter of operation?.parameters ?? []) {
        if ('in' in parameter && parameter.in === 'header') parameter.required = false;
      }
    }
  }
  return document;
}
