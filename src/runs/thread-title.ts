import { cutText } from '../context/cut-text.js';

const TITLE_CHARACTERS = 80;

/** What an unnamed thread is called after its first message: the first line, cut at a word where possible. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_CHARACTERS) return line;
  const cut = cutText(line, TITLE_CHARACTERS);
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > TITLE_CHARACTERS / 2 ? cut.slice(0, lastSpace) : cut}…`;
}
