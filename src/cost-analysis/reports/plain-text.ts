const LENGTH_MAX = 120;

/**
 * A text from outside (label, tag, model name, question) as it may stand in a report: one line, no control characters, nothing that
 * Markdown, HTML or a fact placeholder would act on.
 */
export function plainText(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\{\{/g, '{ {')
    .replace(/[\\`*[\]|<>]/g, (character) => ESCAPES[character] ?? `\\${character}`)
    .trim();
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX)}…` : line;
}

const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;' };
