import { writeFileSync } from 'node:fs';
import { configurationPage } from './configuration-page.js';
import { errorsPage } from './errors-page.js';

/** Pages that are made from the code; a test compares them with what is committed. */
export const GENERATED_PAGES = { 'docs/configuration.md': configurationPage, 'docs/errors.md': errorsPage };

export function writeGeneratedPages(): void {
  for (const [path, page] of Object.entries(GENERATED_PAGES)) writeFileSync(path, page());
}
