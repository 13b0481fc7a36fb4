import pg, { type Connection, type PoolClient } from 'pg';

/** CopyDone, a message without content. */
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * Runs `COPY … FROM STDIN (FORMAT binary)` with the message of a BinaryRows; answers how many rows were stored. Its memory must not be written to
 * until then.
 */
export function copyIn(client: PoolClient, text: string, message: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyIn(text, message, (error, result) => {
        if (error) reject(error);
        else resolve(result?.rowCount ?? 0);
      }),
    );
  });
}

type Done = (error: Error | null | undefined, result: { rowCount: number | null } | undefined) => void;

/**
 * Sends the rows right behind the statement, without a round trip to be asked for them: PostgreSQL ignores them when it refuses the statement.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
class CopyIn extends pg.Query {
  constructor(
    private readonly statement: string,
    private readonly message: Buffer,
    done: Done,
  ) {
    super(statement, done);
  }

  override readonly submit = (connection: Connection): void => {
    const { stream } = connection;
    stream.cork();
    connection.query(this.statement);
    stream.write(this.message);
    stream.write(COPY_DONE);
    stream.uncork();
  };

  /** The driver would answer with a refusal. */
  handleCopyInResponse(): void {}
}
