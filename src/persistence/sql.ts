/** A value that PostgreSQL gets as a statement's parameter. */
export type SqlParameter =
  string | number | bigint | boolean | Date | Buffer | null | undefined | readonly SqlParameter[];

/**
 * Runs statements: on the pool (Database) or inside one transaction.
 * `int8` comes back as number (an unsafe one throws; money is selected as text), `json` as its raw text, `jsonb` parsed, `timestamptz` as Date.
 * Statements are prepared once per connection under a name made from their text, so the text must not carry values.
 */
export interface Sql {
  /** All rows of a statement. */
  rows<Row extends object>(text: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
  /** The first row, or undefined. */
  row<Row extends object>(text: string, parameters?: readonly SqlParameter[]): Promise<Row | undefined>;
  /** Runs a statement whose rows nobody needs; answers how many rows it touched. */
  execute(text: string, parameters?: readonly SqlParameter[]): Promise<number>;
}

export interface SqlInTransaction extends Sql {
  /**
   * Runs `COPY … FROM STDIN (FORMAT binary)` with the message of a BinaryRows, whose memory stays as it is until then; answers how many rows were
   * stored. One row that breaks a constraint fails the transaction.
   */
  copyIn(text: string, message: Buffer): Promise<number>;
}

/** Whose rows a query may see. Every query on a user's data takes one and puts both ids into its WHERE. */
export interface UserScope {
  readonly tenantId: string;
  readonly userId: string;
}
