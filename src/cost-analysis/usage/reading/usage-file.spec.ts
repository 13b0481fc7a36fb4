import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { unpack } from './unpack.js';
import { openUsageFile } from './usage-file.js';

async function valuesOf(bytes: Buffer | string): Promise<unknown[]> {
  const buffer = Buffer.from(bytes);
  const file = await openUsageFile(Readable.from([buffer.subarray(0, 1), buffer.subarray(1)]));
  const all = [];
  for await (const records of file.records) {
    all.push(...records.map((record) => (record instanceof RejectedRow ? record.reason : record.values)));
  }
  return all;
}

describe('a file of usage', () => {
  const csv = 'a,b\n1,ü\n';

  it('may have a byte order mark, be UTF-16, or be gzip whatever anybody says', async () => {
    const expected = [['1', 'ü']];
    expect(await valuesOf(csv)).toEqual(expected);
    expect(await valuesOf(`\ufeff${csv}`)).toEqual(expected);
    expect(await valuesOf(Buffer.from(`\ufeff${csv}`, 'utf16le'))).toEqual(expected);
    expect(await valuesOf(gzipSync(csv))).toEqual(expected);
  });

  it.each([
    ['a;b\n1;2\n', [['1', '2']]],
    ['a\tb\n1\t2\n', [['1', '2']]],
    ['{"a":1}\n{"a":2}\n', [[1], [2]]],
    ['{"a":\n{"a":1}\n{"a":2}\n', ['not a JSON object', [1], [2]]],
    ['junk\n{"a":1}\n{"a":2}\n', ['not a JSON object', [1], [2]]],
    ['{"data":[\n{"a":1},\n{"a":2}\n]}', [[1], [2]]],
    ['[{"a":1}, 7, "x,y", [{"a":2}], {"a":3}]', [[1], ...Array<string>(3).fill('not a JSON object'), [3]]],
    ['[{"a":1}]\ntrailing text', [[1], 'not a JSON object']],
    ['{"data":[{"a":1}, null],"has_more":false}', [[1], 'not a JSON object']],
    ['[{"a":1}]', [[1]]],
    ['{"data":[{"a":1}]}', [[1]]],
    ['  {"a":1}', [[1]]],
  ])('%j is recognised', async (text, expected) => {
    expect(await valuesOf(text)).toEqual(expected);
  });

  it('shows the header of a table without rows', async () => {
    const { sample } = await openUsageFile(Readable.from(['a,b\n']));
    expect(sample.first.names).toEqual(['a', 'b']);
  });

  it.each(['', ' \n', '\ufeff'])('refuses %j as empty', async (text) => {
    await expect(valuesOf(text)).rejects.toMatchObject({ code: 'validation_failed', message: 'The file is empty.' });
  });

  it('says that an archive is damaged or breaks off', async () => {
    const packed = gzipSync(csv.repeat(1_000));
    await expect(valuesOf(packed.subarray(0, packed.length - 20))).rejects.toThrow('damaged or incomplete');
    const damaged = Buffer.from(packed);
    damaged.fill(7, 20, 40);
    await expect(valuesOf(damaged)).rejects.toThrow('damaged or incomplete');
  });

  it('stops unpacking a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 ** 2));
    const readAll = async (limits?: Parameters<typeof unpack>[1]) => {
      let bytes = 0;
      for await (const chunk of unpack(Readable.from([bomb]), limits)) bytes += chunk.length;
      return bytes;
    };
    await expect(readAll()).rejects.toThrow('far more than a usage file');
    await expect(readAll({ ratioMax: 1e6, unpackedBytesMax: 1e6 })).rejects.toThrow('far more than a usage file');
    expect(await readAll({ ratioMax: 1e6, unpackedBytesMax: 1e9 })).toBe(64 * 1024 ** 2);
  });

  it('passes on what its source fails with', async () => {
    const source = new Readable({ read() {} });
    source.push('a,b\n');
    const opening = openUsageFile(source);
    source.destroy(new Error('the disk is gone'));
    await expect(opening).rejects.toThrow('the disk is gone');
  });
});
