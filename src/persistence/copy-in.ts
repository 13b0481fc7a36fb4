import type { Duplex } from 'node:stream';
import pg, { type PoolClient } from 'pg';

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

/** The driver answers the server's request for rows with a refusal; this one answers it with the rows. */
class CopyIn extends pg.Query {
  constructor(
    text: string,
    private readonly message: Buffer,
    done: Done,
  ) {
    super(text, done);
  }

  handleCopyInResponse({ stream }: { readonly stream: Duplex }): void {
    stream.cork();
    stream.write(this.message);
    stream.write(COPY_DONE);
    stream.uncork();
  }
}
