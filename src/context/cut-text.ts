/** The first characters (UTF-16 units) of a text, one less where the cut would split a pair: half an emoji is no text. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const last = text.charCodeAt(maxCharacters - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? maxCharacters - 1 : maxCharacters);
}

/** The same, with a mark that says how much is missing. */
export function cutTextWithMark(text: string, maxCharacters: number): string {
  const cut = cutText(text, maxCharacters);
  return cut.length === text.length ? text : `${cut}… [cut: ${text.length - cut.length} more characters]`;
}
