import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonArray } from '../../src/persistence/binary-array.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';

describe('Columns come back', () => {
  let test: TestDatabase;
  let open: OpenDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('int8 as a number', async () => {
    const row = await open.database.row<{ value: number }>('SELECT 9007199254740991::int8 AS value');
    expect(row).toEqual({ value: Number.MAX_SAFE_INTEGER });
  });

  it('an int8 that no number can hold as an error, and the connection stays usable', async () => {
    await expect(open.database.row('SELECT 9007199254740993::int8 AS value')).rejects.toThrow(
      '9007199254740993 is no safe integer',
    );
    expect(await open.database.row('SELECT 9007199254740993::int8::text AS value')).toEqual({
      value: '9007199254740993',
    });
  });

  it('json as the text that was stored, jsonb parsed', async () => {
    const text = '{"b": 1.50, "a" : "x\\u0000"}';
    const row = await open.database.row<{ stored: string; parsed: unknown }>(
      'SELECT $1::json AS stored, $2::jsonb AS parsed',
      [text, '{"b": 1.50}'],
    );
    expect(row).toEqual({ stored: text, parsed: { b: 1.5 } });
  });

  it('arrays of int8 and json like their elements', async () => {
    const row = await open.database.row(
      `SELECT ARRAY[1, NULL, 3]::int8[] AS numbers, ARRAY['{"a": 1}']::json[] AS texts`,
    );
    expect(row).toEqual({ numbers: [1, null, 3], texts: ['{"a": 1}'] });
  });

  it('a list of json texts as they went in, whatever is in them', async () => {
    const texts = ['{"a": "\\"{}\\\\ \\u0000"}', null, '"Größe, 大きさ, 📏"', '[]', `"${'x'.repeat(100_000)}"`];
    const sent = 'SELECT $1::json[] AS texts, cardinality($1::json[]) AS count';
    expect(await open.database.row(sent, [jsonArray(texts)])).toEqual({ texts, count: 5 });
    expect(await open.database.row(sent, [jsonArray([])])).toEqual({ texts: [], count: 0 });
    await expect(open.database.row(sent, [jsonArray(['{'])])).rejects.toThrow('json');
  });

  it('timestamptz as a Date, and null as null', async () => {
    const row = await open.database.row(
      `SELECT '2026-01-02T03:04:05.678+02'::timestamptz AS at, NULL::int8 AS nothing`,
    );
    expect(row).toEqual({ at: new Date('2026-01-02T01:04:05.678Z'), nothing: null });
  });
});
