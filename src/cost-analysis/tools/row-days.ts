/**
 * A daily bucket and a line of a bill are of a date: they start at midnight UTC and cover whole days, or do not say how much they cover. Their
 * date is the same to a reader in any zone; as moments they would be of the day before west of UTC.
 */
const IS_DATED = `(row_kind = 'bucket' AND coalesce(ts_end - ts_start >= interval '24 hours', true) AND ts_start = date_trunc('day', ts_start, 'UTC'))`;

/** What clocks show at a moment of a row, a `timestamp`: those of the zone, or of UTC where the row is of a date. `zone`: an expression of text. */
export const civilTime = (moment: string, zone: string): string =>
  `(${moment} AT TIME ZONE CASE WHEN ${IS_DATED} THEN 'UTC' ELSE ${zone} END)`;

/** A limit of time as two expressions of `timestamptz`: the moment, and what the zone's clocks show at it, as if that were UTC. */
export interface TimeLimit {
  readonly moment: string;
  readonly civil: string;
}

/** Rows from a limit on or before it: those of a date are limited by their date. The first condition is for an index on ts_start. */
export function startsWhere(comparison: '>=' | '<', { moment, civil }: TimeLimit): string {
  const widest = comparison === '>=' ? 'least' : 'greatest';
  return (
    `ts_start ${comparison} ${widest}(${moment}, ${civil}) AND ` +
    `ts_start ${comparison} CASE WHEN ${IS_DATED} THEN ${civil} ELSE ${moment} END`
  );
}
