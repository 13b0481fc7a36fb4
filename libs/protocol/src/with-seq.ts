/**
 * The frame of a stored event: its text with seq put first. The stored text is not parsed, so that every client gets
 * the log byte for byte. `storedText` must be a JSON object with at least one member, without white space in front.
 */
export function withSeq(storedText: string, seq: number): string {
  return `{"seq":${seq},${storedText.slice(1)}`;
}
