import type { SourceRecord } from '../reading/source-record.js';
import { RejectedRow } from '../rejected-row.js';
import type { UsageDraft } from './importer.js';
import { importerFor } from './importers.js';

export const recordOf = (fields: Record<string, unknown>): SourceRecord => ({
  line: 2,
  names: Object.keys(fields),
  values: Object.values(fields),
});

/** What the importer that recognises a record makes of it. */
export function read(fields: Record<string, unknown>, kind: 'csv' | 'json' = 'csv', format = 'auto') {
  const first = recordOf(fields);
  const importer = importerFor(format, { kind, first, some: [first] });
  return { source: importer.source, format: importer.format, rows: importer.read(first) };
}

/** The one draft that comes of it. */
export function only(fields: Record<string, unknown>, kind: 'csv' | 'json' = 'csv'): UsageDraft {
  const { rows } = read(fields, kind);
  const [row] = rows;
  if (row === undefined || row instanceof RejectedRow || rows.length !== 1)
    throw new Error(`not one row: ${rows.map((each) => (each instanceof RejectedRow ? each.reason : 'row')).join()}`);
  return row;
}
