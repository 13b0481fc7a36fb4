import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Configuration } from './config/configuration.js';

/** The REST description at /docs and /docs/openapi.json. */
export function installOpenApi(app: INestApplication, configuration: Configuration): void {
  const description = new DocumentBuilder()
    .setTitle('Goldenpath')
    .setDescription('Multi-user, real-time AI agent server: REST beside the WebSocket at /ws.')
    .setVersion(configuration.version)
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
}
