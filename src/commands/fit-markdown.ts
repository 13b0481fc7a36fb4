const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';
/** A picture on a line of its own: a terminal shows what it says, and where it is. */
const PICTURE = /^!\[(?<text>(?:[^\\[\]]|\\.)*)\]\((?<path>[^()\s]+)\)$/;
const TABLE_LINE = /^\|.*\|$/;
const TABLE_RULE = /^\|(?:\s*:?-+:?\s*\|)+$/;

/** Markdown laid out for a terminal `width` characters wide: wrapped between words, list items hanging, tables aligned, bold in bold. */
export function fitMarkdown(markdown: string, width: number): string {
  const fitted: string[] = [];
  let table: string[] = [];
  for (const line of [...markdown.split('\n'), '']) {
    if (TABLE_LINE.test(line)) {
      table.push(line);
      continue;
    }
    fitted.push(...alignTable(table), ...fitLine(line, width));
    table = [];
  }
  return fitted.join('\n').trimEnd();
}

function fitLine(line: string, width: number): string[] {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return [`${BOLD}${heading}${PLAIN}`];
  const picture = PICTURE.exec(line)?.groups;
  if (picture !== undefined) return wrap(`Chart (${picture.path}): ${unescaped(picture.text)}`, width);
  const marker = /^\s*(?:[-*]|\d+\.) /.exec(line)?.[0] ?? '';
  return wrap(line.slice(marker.length), width - marker.length).map(
    (part, index) => `${index === 0 ? marker : ' '.repeat(marker.length)}${part}`,
  );
}

/** Bold marks take no room on the screen, so they become escape codes only after the lines are cut. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.replaceAll('**', '').length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return embolden([...lines, line].join('\n')).split('\n');
}

const unescaped = (text = ''): string => text.replaceAll(/\\([\\[\]])/g, '$1');

const embolden = (text: string): string => text.replaceAll(/\*\*([^*]+)\*\*/g, `${BOLD}$1${PLAIN}`);

function alignTable(lines: readonly string[]): string[] {
  const rows = lines.filter((line) => !TABLE_RULE.test(line)).map(cellsOf);
  const isRight = cellsOf(lines.find((line) => TABLE_RULE.test(line)) ?? '').map((cell) => cell.endsWith(':'));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isRight[column] === true ? cell.padStart(width) : cell.padEnd(width);
    });
    const text = cells.join('   ').trimEnd();
    return index === 0 ? `${BOLD}${text}${PLAIN}` : text;
  });
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
