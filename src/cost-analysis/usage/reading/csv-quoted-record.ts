/** What comes of reading one record with quoted fields; `end` is where its newline is, or the end of the text. */
export type QuotedRecord =
  | { readonly status: 'complete'; readonly values: readonly string[]; readonly end: number; readonly newlines: number }
  | { readonly status: 'unfinished' | 'malformed' };

/** Reads the record that starts at `start`. `unfinished`: the text ends inside a quoted field. */
export function readQuotedRecord(text: string, start: number, delimiter: string): QuotedRecord {
  const values: string[] = [];
  let position = start;
  let newlines = 0;
  for (;;) {
    if (text.charCodeAt(position) === QUOTE) {
      const field = readQuotedField(text, position + 1);
      if (field === undefined) return { status: 'unfinished' };
      values.push(field.value);
      newlines += field.value.match(/\r\n|\r|\n/g)?.length ?? 0;
      position = field.end;
    } else {
      const end = plainEnd(text, position, delimiter);
      values.push(text.slice(position, end));
      position = end;
    }
    if (position >= text.length || isNewline(text.charCodeAt(position)))
      return { status: 'complete', values, end: position, newlines };
    if (text[position] !== delimiter) return { status: 'malformed' };
    position += 1;
  }
}

const QUOTE = 34;

const isNewline = (code: number): boolean => code === 10 || code === 13;

/** The field whose content starts at `start`; `end` is behind the closing quote. */
function readQuotedField(text: string, start: number): { value: string; end: number } | undefined {
  let hasEscapes = false;
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 2)) {
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      const content = text.slice(start, quote);
      return { value: hasEscapes ? content.replaceAll('""', '"') : content, end: quote + 1 };
    }
    hasEscapes = true;
  }
  return undefined;
}

function plainEnd(text: string, start: number, delimiter: string): number {
  const separator = delimiter.charCodeAt(0);
  let end = start;
  while (end < text.length && text.charCodeAt(end) !== separator && !isNewline(text.charCodeAt(end))) end += 1;
  return end;
}
