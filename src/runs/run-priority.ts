/** Priorities of runs, as stored and as the queue takes them: the smaller, the sooner. */
export const PRIORITIES = { high: 1, normal: 2, low: 3 } as const;
export type Priority = keyof typeof PRIORITIES;
