import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import typescript from 'typescript';
import { SourceLines } from '../../src/telemetry/source-lines.js';

const SOURCE = `interface Gone {
  readonly line: number;
}

export function fail({ line }: Gone): never {
  throw new Error(String(line));
}
`;

describe('Places in compiled files', () => {
  let folder: string;
  const url = (name: string): string => pathToFileURL(join(folder, name)).href;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goldenpath-lines-'));
    const { outputText, sourceMapText = '' } = typescript.transpileModule(SOURCE, {
      fileName: 'fail.ts',
      compilerOptions: { sourceMap: true, target: typescript.ScriptTarget.ES2023 },
    });
    await writeFile(join(folder, 'fail.js'), outputText);
    await writeFile(join(folder, 'fail.js.map'), sourceMapText);
    await writeFile(join(folder, 'damaged.js.map'), '{');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of their sources', () => {
    expect(new SourceLines().placeOf(url('fail.js'), 2, 11)).toBe(`${join(folder, 'fail.ts')}:6:9`);
  });

  it('stay as they are without a map that can be read', () => {
    expect(new SourceLines().placeOf(url('damaged.js'), 1, 1)).toBeUndefined();
    expect(new SourceLines().placeOf(url('absent.js'), 1, 1)).toBeUndefined();
    expect(new SourceLines().placeOf('file:///no%2Fpath.js', 1, 1)).toBeUndefined();
  });
});
