/** One entry of a breakdown; a name of null is spend that carries no such tag. */
export interface Entry {
  readonly name: string | null;
  readonly nano: bigint;
}

/** Untagged spend first, then the largest. Ties by name, so that the order is the same every time. */
export function untaggedFirst<E extends Entry>(entries: readonly E[]): E[] {
  return [...entries].sort((a, b) => {
    if ((a.name === null) !== (b.name === null)) return a.name === null ? -1 : 1;
    if (a.nano !== b.nano) return a.nano > b.nano ? -1 : 1;
    return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
  });
}

/** How many of the largest entries make up four fifths of the whole; undefined when these entries do not reach it, or it is nothing. */
export function paretoCount(entries: readonly Entry[], whole: bigint): number | undefined {
  if (whole <= 0n) return undefined;
  let running = 0n;
  const largest = [...entries].sort((a, b) => (a.nano > b.nano ? -1 : 1));
  for (const [index, { nano }] of largest.entries()) {
    running += nano;
    if (5n * running >= 4n * whole) return index + 1;
  }
  return undefined;
}
