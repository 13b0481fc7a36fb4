import { expect, it } from '@jest/globals';
import { readSources, type Sources } from '../support/source-scan.js';

/** Tools whose statements would go on after their call was cancelled or its time was over. */
const unbounded = (sources: Sources): string[] =>
  [...sources]
    .filter(([file, text]) => file.endsWith('.tool.ts') && /\bdatabase\b(?!\s*\.within\(|: Database|\.js')/.test(text))
    .map(([file]) => file);

it('lets no statement of a tool outlive its call', () => {
  expect(unbounded(readSources('src'))).toEqual([]);
});

it('would notice one that does', () => {
  const sources = new Map([
    ['src/a.tool.ts', 'const rows = await this.database.within(call.signal).rows(text);'],
    ['src/b.tool.ts', 'const rows = await this.database.rows(text);'],
    ['src/c.tool.ts', 'const days = await dailySpend(this.database, tenantId);'],
  ]);
  expect(unbounded(sources)).toEqual(['src/b.tool.ts', 'src/c.tool.ts']);
});
