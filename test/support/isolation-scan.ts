import type { Sql } from '../../src/persistence/sql.js';

/** What belongs to one user and to nobody else: ids and words that appear nowhere by chance. */
export interface Marks {
  readonly owner: string;
  readonly marks: readonly string[];
}

/** Whose marks a text carries. */
export const ownersIn = (text: string, all: readonly Marks[]): string[] =>
  all.filter(({ marks }) => marks.some((mark) => text.includes(mark))).map(({ owner }) => owner);

/** Texts that carry marks of more than one user, shortened. */
export const crossings = (texts: Iterable<string>, all: readonly Marks[]): string[] =>
  [...texts].flatMap((text) => {
    const owners = ownersIn(text, all);
    return owners.length > 1 ? [`${owners.join(' and ')}: ${text.slice(0, 300)}`] : [];
  });

/** Every row of every table, as JSON behind its table's name. */
export async function allRows(sql: Sql): Promise<string[]> {
  const tables = await sql.rows<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => sql.rows<{ row: string }>(`SELECT '${name} ' || to_json(t)::text AS row FROM ${name} t`)),
  );
  return rows.flat().map(({ row }) => row);
}
