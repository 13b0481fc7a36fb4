import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { GENERATED_PAGES } from '../../scripts/docs/generate.js';

describe('generated pages', () => {
  it.each(Object.entries(GENERATED_PAGES))('%s is what `npm run docs` makes of the code', (path, page) => {
    expect(readFileSync(path, 'utf8')).toBe(page());
  });
});
