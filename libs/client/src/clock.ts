/** Time, given in so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Calls once after `delayMs`; the function returned calls it off. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
