/**
 * Adds what one batch came to (`total`: accepted, repriced, ts_from, ts_to, reported, computed) to its import; no row when there is no such import.
 * $1 import, $2 rejected so far, $3 rows in the batch, $4 percent of the file.
 */
export const ADD_COUNTS = `
  UPDATE usage_import SET
    accepted = usage_import.accepted + total.accepted,
    duplicates = usage_import.duplicates + $3::integer - total.accepted - total.repriced,
    repriced = usage_import.repriced + total.repriced,
    rejected = $2::integer,
    percent = coalesce($4::smallint, usage_import.percent),
    ts_from = least(usage_import.ts_from, total.ts_from),
    ts_to = greatest(usage_import.ts_to, total.ts_to),
    cost_reported = CASE WHEN total.reported IS NULL THEN usage_import.cost_reported
                         ELSE coalesce(usage_import.cost_reported, 0) + total.reported END,
    cost_computed = CASE WHEN total.computed IS NULL THEN usage_import.cost_computed
                         ELSE coalesce(usage_import.cost_computed, 0) + total.computed END
  FROM total WHERE usage_import.id = $1::uuid`;

/** The same for a batch that was added whole. $5 and $6 its first and last start, $7 and $8 its costs. */
export const ADD_WHOLE_BATCH = `
  WITH total AS (
    SELECT $3::integer AS accepted, 0 AS repriced, $5::timestamptz AS ts_from, $6::timestamptz AS ts_to,
           $7::bigint AS reported, $8::bigint AS computed
  )
  ${ADD_COUNTS}`;
