const JSON_TYPE = 114;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * Texts as a parameter of type json[], in PostgreSQL's binary format. As text, each quote in them would be escaped here and unescaped there, one
 * character after the other, which costs both sides more than all else they do with a large batch.
 */
export function jsonArray(texts: readonly (string | null)[]): Buffer {
  const sizes = texts.map((text) => (text === null ? 0 : Buffer.byteLength(text)));
  const whole = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + LENGTH_BYTES + size, HEADER_BYTES));
  // Dimensions, whether there are nulls, element type, length, lowest index (https://doxygen.postgresql.org/arrayfuncs_8c.html, array_recv).
  const header = [1, texts.includes(null) ? 1 : 0, JSON_TYPE, texts.length, 1];
  let at = 0;
  for (const field of header) at = whole.writeInt32BE(field, at);
  texts.forEach((text, index) => {
    at = whole.writeInt32BE(text === null ? NULL_LENGTH : (sizes[index] ?? 0), at);
    if (text !== null) at += whole.write(text, at);
  });
  return whole;
}
