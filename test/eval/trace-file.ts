import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';

/** A public trace that lies beside the project, where somebody put it. */
export class TraceFile {
  private readonly path: string;

  constructor(readonly name: string) {
    this.path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  }

  get isThere(): boolean {
    return existsSync(this.path);
  }

  lines(): string[] {
    return readFileSync(this.path, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  }

  open(): Readable {
    return createReadStream(this.path);
  }
}
