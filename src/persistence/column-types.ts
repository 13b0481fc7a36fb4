import pg from 'pg';

const { builtins } = pg.types;
/** The typings know the numbers of PostgreSQL's own types only; the function takes any. */
const driverTypes = pg.types as { getTypeParser(oid: number, format: string): unknown };
/** json[], int8[] and text[]: pg-types has no names for arrays. */
const JSON_ARRAY = 199;
const INT8_ARRAY = 1016;
const TEXT_ARRAY = 1009;

type Parser = (text: string) => unknown;

const textOf = (oid: number): Parser => driverTypes.getTypeParser(oid, 'text') as Parser;
const asTextArray = textOf(TEXT_ARRAY) as (text: string) => (string | null)[];

const PARSERS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [builtins.INT8, safeInteger],
  [builtins.JSON, (text) => text],
  [INT8_ARRAY, (text) => asTextArray(text).map((item) => (item === null ? null : safeInteger(item)))],
  [JSON_ARRAY, asTextArray],
]);

/** How columns come back from the driver, see Sql. For the `types` of a pool; the driver's own table, which is global, stays as it is. */
export const columnTypes = {
  getTypeParser: (oid: number, format?: string): unknown =>
    format === 'binary' ? driverTypes.getTypeParser(oid, 'binary') : (PARSERS.get(oid) ?? textOf(oid)),
};

/** Throws rather than answer a number that is not the one in the database. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no safe integer; select it as text.`);
  return value;
}
