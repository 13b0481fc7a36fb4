/** Whether an amount in nano-USD fits its column, PostgreSQL's bigint: up to some nine billion USD. */
export const isStorable = (nanoUsd: bigint): boolean => BigInt.asIntN(64, nanoUsd) === nanoUsd;
