import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/persistence/database.js';
import { migrate, revertAll } from '../../src/persistence/migrate.js';
import { MIGRATIONS } from '../../src/persistence/migrations/migrations.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';

const SCHEMA = `
  SELECT 'column' AS kind, table_name || '.' || column_name AS name,
         concat_ws(' ', ordinal_position, data_type, is_nullable, column_default) AS definition
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  ORDER BY 1, 2`;

interface SchemaRow {
  kind: string;
  name: string;
  definition: string;
}

describe('Migrations', () => {
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

  const schemaOf = (database: Database): Promise<SchemaRow[]> => database.rows<SchemaRow>(SCHEMA);

  it('leave the same schema after up, down and up again', async () => {
    const before = await schemaOf(open.database);
    expect(before.some(({ name }) => name === 'run_event.payload')).toBe(true);

    await revertAll(test.url);
    const empty = await schemaOf(open.database);
    expect(empty.filter(({ name }) => !name.startsWith('migrations') && !name.startsWith('PK_'))).toEqual([]);

    expect(await migrate(test.url)).toHaveLength(MIGRATIONS.length);
    expect(await schemaOf(open.database)).toEqual(before);
  });

  it('run once when several replicas start at the same moment', async () => {
    await revertAll(test.url);
    const ran = await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(ran.map((names) => names.length).sort()).toEqual([0, 0, MIGRATIONS.length]);
  });
});
