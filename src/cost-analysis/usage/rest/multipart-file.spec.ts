import { describe, expect, it } from '@jest/globals';
import { multipartFile } from './multipart-file.js';

const TYPE = 'multipart/form-data; boundary=xyz';
const part = (head: string, content: string): string =>
  `--xyz\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
const body = `${part('name="note"', 'no file')}${part('name="file"; filename="u.csv"', 'a,b\r\n1,2\r\n--xy\r\n')}--xyz--\r\n`;

async function fileIn(text: string, pieceBytes: number, type = TYPE): Promise<string> {
  async function* pieces(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += pieceBytes)
      yield await Promise.resolve(bytes.subarray(start, start + pieceBytes));
  }
  const chunks = [];
  for await (const chunk of multipartFile(pieces(), type)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('multipartFile', () => {
  it.each([1, 2, 5, 1_000])('finds the file in pieces of %i bytes', async (size) => {
    expect(await fileIn(body, size)).toBe('a,b\r\n1,2\r\n--xy\r\n');
    expect(await fileIn(`preamble\r\n${body}`, size, 'multipart/form-data; boundary="xyz"')).toBe(
      'a,b\r\n1,2\r\n--xy\r\n',
    );
  });

  it('says what is wrong with a body', async () => {
    await expect(fileIn(body, 9, 'multipart/form-data')).rejects.toThrow('has no boundary');
    await expect(fileIn(body.slice(0, -30), 9)).rejects.toThrow('breaks off');
    await expect(fileIn(`${part('name="note"', 'x')}--xyz--`, 9)).rejects.toThrow('holds no file');
    await expect(fileIn(`--xyz\r\n${'h'.repeat(20_000)}`, 1_000)).rejects.toThrow('too long a head');
  });
});
