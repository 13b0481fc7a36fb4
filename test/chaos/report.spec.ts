import { describe, expect, it } from '@jest/globals';
import type { ControlResult } from './controls.js';
import { controlLine, Tally } from './report.js';

const noticed: ControlResult = {
  name: 'no-dedup',
  situation: 'accepted again',
  cameUp: 3,
  broken: ['I6'],
  isRed: true,
};
const counts = { runs: 1, resumedRuns: 0, events: 9, seen: 9, connections: 1, effects: 0 };
const stuck = { stuckTooSlow: 0, stuckWithServer: 0, stuckOtherwise: 0 };

const campaign = (control: ControlResult): Tally => {
  const tally = new Tally();
  tally.add({
    ...{ violations: [], faults: new Map([['cut', 1]]), takeOversMs: [], finalsMs: [], folder: '' },
    ...{ counts: { ...counts, ...stuck }, memory: { mostMib: 1, growthsMib: [] } },
  });
  tally.addControl(control);
  return tally;
};

describe('a campaign', () => {
  it.each<{ what: string; control: ControlResult; line: string }>([
    {
      what: 'was noticed',
      control: noticed,
      line: 'noticed (broken: I6; 3 × accepted again)',
    },
    {
      what: 'came up and was not noticed',
      control: { ...noticed, broken: [], isRed: false },
      line: 'NOT NOTICED (broken: nothing; 3 × accepted again)',
    },
    {
      what: 'did not come up, whatever else is broken,',
      control: { ...noticed, cameUp: 0, isRed: false },
      line: 'DID NOT COME UP (broken: I6; 0 × accepted again)',
    },
  ])('whose control $what says so, and passes only if it was noticed', ({ control, line }) => {
    expect(controlLine(control)).toBe(`control no-dedup: ${line}`);
    expect(campaign(control).isGreen).toBe(control.isRed);
  });
});
