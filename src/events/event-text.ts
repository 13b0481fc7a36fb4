/** EventLog.compose writes the type first. */
const TYPE_START = '{"type":"'.length;
const RUN_ID = '"run_id":"';
const ID_CHARACTERS = 36;

/** The type of a stored event, out of its text: a frame is not parsed only to be counted. */
export const typeOf = (text: string): string => text.slice(TYPE_START, text.indexOf('"', TYPE_START));

/**
 * The run of a stored event, or undefined. Quotes inside of strings are escaped, so that this can't be found in what a
 * user wrote; the event's own run_id stands before any other.
 */
export function runIdOf(text: string): string | undefined {
  const start = text.indexOf(RUN_ID);
  return start < 0 ? undefined : text.slice(start + RUN_ID.length, start + RUN_ID.length + ID_CHARACTERS);
}
