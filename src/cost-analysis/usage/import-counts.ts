/** The rows of an import that are dealt with, new or not. */
export const WRITTEN = '(usage_import.accepted + usage_import.duplicates + usage_import.repriced)';

/**
 * Adds what one batch came to (`total`: accepted, repriced, differing, ts_from, ts_to, reported, computed) to its import; no row when there is no such import,
 * or when it does not stand where this batch begins.
 * $1 import, $2 rejected so far, $3 rows in the batch, $4 percent of the file, $5 rows of the batches before, NULL when it does not matter.
 */
export const ADD_COUNTS = `
  UPDATE usage_import SET
    accepted = usage_import.accepted + total.accepted,
    duplicates = usage_import.duplicates + $3::integer - total.accepted - total.repriced,
    repriced = usage_import.repriced + total.repriced,
    differing = usage_import.differing + total.differing,
    rejected = $2::integer,
    percent = coalesce($4::smallint, usage_import.percent),
    ts_from = least(usage_import.ts_from, total.ts_from),
    ts_to = greatest(usage_import.ts_to, total.ts_to),
    cost_reported = CASE WHEN total.reported IS NULL THEN usage_import.cost_reported
                         ELSE coalesce(usage_import.cost_reported, 0) + total.reported END,
    cost_computed = CASE WHEN total.computed IS NULL THEN usage_import.cost_computed
                         ELSE coalesce(usage_import.cost_computed, 0) + total.computed END
  FROM total WHERE usage_import.id = $1::uuid AND ${WRITTEN} = coalesce($5::integer, ${WRITTEN})`;

/** The same for a batch that was added whole. $6 and $7 its first and last start, $8 and $9 its costs. */
export const ADD_WHOLE_BATCH = `
  WITH total AS (
    SELECT $3::integer AS accepted, 0 AS repriced, 0 AS differing, $6::timestamptz AS ts_from, $7::timestamptz AS ts_to,
           $8::bigint AS reported, $9::bigint AS computed
  )
  ${ADD_COUNTS}`;
