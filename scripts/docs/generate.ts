import { writeFileSync } from 'node:fs';
import { asyncApi } from './async-api.js';
import { configurationPage } from './configuration-page.js';
import { errorsPage } from './errors-page.js';
import { protocolPage } from './protocol-page.js';

/** Pages that are made from the code; a test compares them with what is committed. */
export const GENERATED_PAGES = {
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/protocol.md': protocolPage,
  'libs/protocol/asyncapi.json': asyncApi,
};

export function writeGeneratedPages(): void {
  for (const [path, page] of Object.entries(GENERATED_PAGES)) writeFileSync(path, page());
}
