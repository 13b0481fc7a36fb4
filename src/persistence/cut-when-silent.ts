import type { Duplex } from 'node:stream';

const LOOK_MS = 1_000;
/** One may pass without an answer because this process itself stood still: what has come is read after its timers. */
const SILENT_LOOKS_MAX = 2;

/**
 * Destroys a connection over which nothing comes any more although the other end is asked, so that whoever uses it opens another
 * one. TCP notices after a quarter of an hour, and only if something was sent; meanwhile, what is sent piles up.
 */
export function cutWhenSilent(stream: Duplex, ask: () => Promise<unknown>): void {
  let silentLooks = 0;
  stream.on('data', () => {
    silentLooks = 0;
  });
  const looks = setInterval(() => {
    if (silentLooks >= SILENT_LOOKS_MAX) {
      stream.destroy(new Error('The connection is silent.'));
      return;
    }
    silentLooks += 1;
    // An answer that is an error is an answer.
    ask().catch(() => undefined);
  }, LOOK_MS);
  stream.once('close', () => clearInterval(looks));
}
