import { describe, expect, it } from '@jest/globals';
import { sampleUsage } from './sample-usage.js';
import { sampleYear } from './sample-year.js';

describe('the sample usage', () => {
  const lines = [...sampleUsage()];
  const rows = lines.slice(1).map((line) => line.trimEnd().split(','));

  it('is the same for the same seed, and another for another', () => {
    expect([...sampleUsage()]).toEqual(lines);
    expect([...sampleUsage({ seed: 2 })]).not.toEqual(lines);
  });

  it('is about 6,000 rows over 60 days, in order of the days', () => {
    expect(rows.length).toBeGreaterThan(5_000);
    expect(rows.length).toBeLessThan(7_500);
    expect(new Set(rows.map(([time]) => time?.slice(0, 10))).size).toBe(60);
  });

  it('has a full row on every line', () => {
    const columns = (lines[0] ?? '').split(',').length;
    expect(rows.every((row) => row.length === columns)).toBe(true);
  });

  it('has fewer rows at weekends and many more in the incident', () => {
    const count = (day: string) => rows.filter(([time]) => time?.startsWith(day)).length;
    expect(count('2026-07-04')).toBeLessThan(count('2026-07-03') * 0.7);
    expect(count('2026-08-11')).toBeGreaterThan(count('2026-08-04') * 1.5);
  });

  it('uses no model before it came out', () => {
    // As the providers announced them.
    const released: Readonly<Record<string, string>> = {
      'gpt-4o': '2024-05-13',
      'gpt-4o-mini': '2024-07-18',
      'claude-sonnet-4-0': '2025-05-22',
      'claude-sonnet-4-5': '2025-09-29',
      'gemini-2.5-flash': '2025-06-17',
      'gpt-5-mini': '2025-08-07',
    };
    const [header = '', ...year] = [...sampleYear()].map((line) => line.trimEnd());
    const at = header.split(',').indexOf('model');
    const tooEarly = year
      .map((line) => line.split(','))
      .filter((cells) => (cells[0] ?? '') < (released[cells[at] ?? ''] ?? '9999'));
    expect(tooEarly).toEqual([]);
    expect(new Set(year.map((line) => line.split(',')[at]))).toEqual(new Set(Object.keys(released)));
  });
});
