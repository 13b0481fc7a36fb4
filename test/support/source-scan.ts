import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Source files by their path from the project's root. */
export type Sources = ReadonlyMap<string, string>;

/** Something that may be defined or used in a few places only. */
export interface SingleSource {
  readonly what: string;
  readonly pattern: RegExp;
  /** Where it may stand: a file, or a folder with its slash. */
  readonly places: readonly string[];
}

/** All TypeScript of a folder that is not a test. */
export function readSources(folder: string): Sources {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  return new Map(files.map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]));
}

/** Each place too many, as "what: file", and each rule that finds nothing at all: its pattern is out of date. */
export function duplicates(sources: Sources, rules: readonly SingleSource[]): string[] {
  return rules.flatMap(({ what, pattern, places }) => {
    const found = [...sources].filter(([, text]) => pattern.test(withoutComments(text))).map(([file]) => file);
    if (found.length === 0) return [`${what}: nowhere`];
    return found.filter((file) => !places.some((place) => file.startsWith(place))).map((file) => `${what}: ${file}`);
  });
}

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
