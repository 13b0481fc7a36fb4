import { isRefused } from './database-error.js';

/** How a batch is written. */
export interface BatchWriter<T> {
  /** All of them, or none when it rejects. */
  readonly write: (items: readonly T[]) => Promise<void>;
  /** What the database refuses for its content, and always will. */
  readonly drop: (item: T, error: unknown) => void;
  /** Whether there is no time left to look for what was refused. */
  readonly isLate: () => boolean;
}

/**
 * Writes a batch. What is refused for its content must not keep the others from being written: the batch is halved until it
 * stands alone. Rejects with any other error, and when it is late: nothing of the part that failed is written then.
 */
export async function writeApart<T>(items: readonly T[], writer: BatchWriter<T>): Promise<void> {
  try {
    await writer.write(items);
  } catch (error) {
    if (!isRefused(error)) throw error;
    const [first] = items;
    if (items.length === 1 && first !== undefined) {
      writer.drop(first, error);
      return;
    }
    if (writer.isLate()) throw error;
    const middle = Math.ceil(items.length / 2);
    await writeApart(items.slice(0, middle), writer);
    await writeApart(items.slice(middle), writer);
  }
}
