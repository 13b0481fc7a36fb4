/** A connection that has taken nothing for so long makes no progress. */
const NO_PROGRESS_S = 10;
/** A server gives up who takes nothing for half a minute: an older stall is one of a server that was killed and could not say so. */
const STALLS_END_AFTER_S = 120;

/** Whether the row `d` of the ledger is of an open connection that makes no progress, by the database's clock. */
export const STALLED_THREAD = `d.closed_at IS NULL AND d.stalled_since < now() - interval '${NO_PROGRESS_S} seconds'
  AND d.stalled_since > now() - interval '${STALLS_END_AFTER_S} seconds'`;
