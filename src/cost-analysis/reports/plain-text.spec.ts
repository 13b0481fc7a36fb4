import { describe, expect, it } from '@jest/globals';
import { plainText } from './plain-text.js';

describe('a text from outside', () => {
  it('can start nothing in a report', () => {
    expect(plainText('a|b')).toBe('a\\|b');
    expect(plainText('<script>x</script>')).toBe('&lt;script&gt;x&lt;/script&gt;');
    expect(plainText('one\n# two\u0000')).toBe('one # two');
    expect(plainText('{{fact:a}}')).not.toContain('{{');
    expect(plainText('[x](http://y)')).toBe('\\[x\\](http://y)');
    expect(plainText('x'.repeat(500)).length).toBeLessThan(130);
  });
});
