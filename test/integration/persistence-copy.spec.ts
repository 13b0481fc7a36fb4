import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BinaryRows } from '../../src/persistence/binary-rows.js';
import { hasSqlState } from '../../src/persistence/database-error.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';

const COLUMNS = 'owner, name, note, large, small, flag, at, tags';
const COPY = `COPY copied (${COLUMNS}) FROM STDIN (FORMAT binary)`;
const OWNER = '01980000-0000-7000-8000-00000000000a';

describe('Rows that are copied in', () => {
  let test: TestDatabase;
  let open: OpenDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    await open.database.execute(
      `CREATE TABLE copied (owner uuid, name text PRIMARY KEY, note text, large bigint, small integer, flag boolean, at timestamptz, tags jsonb)`,
    );
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  const rows = (memory: Buffer = Buffer.alloc(0)) =>
    new BinaryRows(memory, (start) => {
      start.fields(8);
      start.uuid(OWNER);
    });

  interface Values {
    readonly name: string;
    readonly large?: number | bigint;
    readonly small?: number;
    readonly at?: string;
    readonly note?: string;
  }

  function add(to: BinaryRows, { name, large = 0, small = 0, at = '2026-01-02T03:04:05.678Z', note }: Values): void {
    to.row();
    to.text(name);
    if (note === undefined) to.null();
    else to.text(note);
    to.bigint(large);
    to.integer(small);
    to.boolean(large !== 0);
    to.timestamp(new Date(at));
    to.jsonb('{"a": [1, "ü"]}');
  }

  const copy = (message: Buffer) => open.database.transaction((sql) => sql.copyIn(COPY, message));

  it('come back as they were', async () => {
    const to = rows();
    const long = 'x'.repeat(100_000);
    const values: Values[] = [
      { name: '', large: Number.MAX_SAFE_INTEGER, small: 2_147_483_647 },
      { name: 'ünï 🙂 "quoted", \\tab\t', large: -1, small: -2_147_483_648, at: '1969-12-31T23:59:59.999Z' },
      { name: 'a text that is too long for the short way, ü', large: Number.MIN_SAFE_INTEGER, note: long },
      { name: 'lone \ud800', large: 2n ** 63n - 1n, note: 'é' },
      { name: 'b', large: -(2n ** 63n) },
    ];
    for (const each of values) add(to, each);
    expect(await copy(to.message())).toBe(values.length);
    const stored = await open.database.rows<{ name: string; large: string; note: string | null }>(
      `SELECT owner, name, note, large::text, small, flag, at, tags FROM copied ORDER BY ctid`,
    );
    expect(stored).toEqual(
      values.map(({ name, large = 0, small = 0, at = '2026-01-02T03:04:05.678Z', note = null }) => ({
        owner: OWNER,
        name: name.replace('\ud800', '\ufffd'),
        note,
        large: large.toString(),
        small,
        flag: true,
        at: new Date(at),
        tags: { a: [1, 'ü'] },
      })),
    );
  });

  it('are all refused when one breaks a constraint, and the connection goes on', async () => {
    const to = rows();
    for (const name of ['new', 'twice', 'twice']) add(to, { name });
    const error: unknown = await copy(to.message()).catch((reason: unknown) => reason);
    expect(hasSqlState(error, '23505')).toBe(true);
    expect(await open.database.rows(`SELECT 1 FROM copied WHERE name IN ('new', 'twice')`)).toEqual([]);
  });

  it('may lie where others lay that were copied', async () => {
    const first = rows();
    for (const name of ['long', 'longer']) add(first, { name: `${name} ${'x'.repeat(1_000)}` });
    const longer = first.message();
    await copy(longer);
    const second = rows(first.memory);
    add(second, { name: 'short' });
    const message = second.message();
    expect(message.buffer).toBe(longer.buffer);
    expect(await copy(message)).toBe(1);
    expect(await open.database.rows(`SELECT small FROM copied WHERE name = 'short' OR name LIKE 'long%'`)).toHaveLength(
      3,
    );
  });

  it('are refused when the statement is wrong', async () => {
    const message = rows().message();
    const work = open.database.transaction((sql) => sql.copyIn('COPY nothing FROM STDIN (FORMAT binary)', message));
    await expect(work).rejects.toThrow('"nothing" does not exist');
    // They were sent all the same, and ignored: the session goes on.
    expect(await open.database.rows('SELECT 1')).toHaveLength(1);
  });
});
