import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Has stacks of errors name the lines of our TypeScript. Node's own `--enable-source-maps` reads the map of every file of every package when it is loaded,
 * and keeps them all; this reads one of ours when an error comes from its file.
 */
export function nameSourceLines(): void {
  const lines = new SourceLines();
  Error.prepareStackTrace = (error: Error, frames: readonly Frame[]) =>
    [headOf(error), ...frames.map((frame) => lines.named(frame))].join('\n    at ');
}

/** What stands above the frames, as V8 has it. Anything can be given a stack, and whoever reads one must not get another error. */
function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

interface Frame extends NodeJS.CallSite {
  toString(): string;
}

/** Where our compiled files come from. */
export class SourceLines {
  private readonly maps = new Map<string, SourceMap | undefined>();

  /** The frame as a stack shows it. */
  named(frame: Frame): string {
    const [url, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
    const text = frame.toString();
    if (!url?.startsWith('file:') || line === null || column === null) return text;
    return text.replace(`${url}:${line}:${column}`, (place) => this.placeOf(url, line, column) ?? place);
  }

  /** The place in its source, path:line:column, of one in a compiled file, counted from 1; undefined without a map. */
  placeOf(url: string, line: number, column: number): string | undefined {
    try {
      const entry = this.mapOf(url)?.findEntry(line - 1, column - 1);
      if (entry === undefined || !('originalSource' in entry)) return undefined;
      const source = fileURLToPath(new URL(entry.originalSource, url));
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    } catch {
      // A URL that is no path.
      return undefined;
    }
  }

  private mapOf(url: string): SourceMap | undefined {
    if (url.includes('/node_modules/')) return undefined;
    if (!this.maps.has(url)) this.maps.set(url, readMap(fileURLToPath(url)));
    return this.maps.get(url);
  }
}

/** An error without its lines is better than one about its lines. */
function readMap(path: string): SourceMap | undefined {
  try {
    // tsc wrote it.
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
