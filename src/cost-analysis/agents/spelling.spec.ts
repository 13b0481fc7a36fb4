import { describe, expect, it } from '@jest/globals';
import { spelledRight } from './spelling.js';

describe('slips of the pen', () => {
  it.each([
    ['how mcuh did we spned last mnoth', 'how much did we spend last month'],
    ['anaylze my ai cotss', 'analyze my ai costs'],
    ['forcast for next quarter', 'forecast for next quarter'],
    ['savigns', 'savings'],
  ])('%s', (text, right) => {
    expect(spelledRight(text)).toBe(right);
  });

  // What may be a name stays as it is: only one known word a slip away is a correction.
  it.each(['chat', 'costa', 'planner', 'team7', 'gpt-4o', 'search-ranking', 'Marketing'])('%s stays', (text) => {
    expect(spelledRight(text)).toBe(text);
  });
});
