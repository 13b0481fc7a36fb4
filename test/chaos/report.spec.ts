import { describe, expect, it } from '@jest/globals';
import type { ControlResult } from './controls.js';
import { controlLine, summaryOf, Tally } from './report.js';
import type { RoundResult } from './round.js';

const noticed: ControlResult = {
  name: 'no-dedup',
  situation: 'accepted again',
  cameUp: 3,
  broken: ['I6'],
  isRed: true,
};
const counts = { runs: 1, resumedRuns: 0, events: 9, seen: 9, connections: 1, effects: 0 };
const stuck = { stuckTooSlow: 0, stuckWithServer: 0, stuckOtherwise: 0 };

interface Played {
  readonly control?: ControlResult;
  readonly asked?: number;
  readonly takeOversMs?: readonly number[];
  readonly load?: number;
}

/** One round with 200 faults. */
const campaign = ({ control = noticed, asked = 200, takeOversMs = [], load = 1 }: Played): Tally => {
  const tally = new Tally(asked);
  const round: RoundResult = {
    ...{ violations: [], faults: new Map([['cut', 200]]), takeOversMs, finalsMs: [], folder: '' },
    ...{ counts: { ...counts, ...stuck }, memory: { mostMib: 1, growthsMib: [] } },
  };
  tally.add(round, load);
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
    expect(campaign({ control }).isGreen).toBe(control.isRed);
  });

  it('fails, and says so, when fewer faults struck than were asked for', () => {
    expect(campaign({ asked: 200 }).failures()).toEqual([]);
    const short = campaign({ asked: 201 });
    expect(short.failures()).toEqual(['only 200 of 201 faults struck in the time there was']);
    expect(short.isGreen).toBe(false);
    expect(summaryOf(short, { seed: 1, seconds: 1 })).toContain('chaos FAILED');
  });

  const slow = [5_001, 1, 1, 1, 1];
  it.each<Played & { what: string; failures: string[]; warnings: string[] }>([
    {
      ...{ what: 'fails when runs are taken over late', takeOversMs: slow, load: 4 },
      ...{ failures: ['take-over p99 5001 ms, more than 5000'], warnings: [] },
    },
    { what: 'allows 5 s', takeOversMs: [5_000, 1, 1, 1, 1], load: 4, failures: [], warnings: [] },
    {
      ...{ what: 'only warns when the machine was overloaded', takeOversMs: slow, load: 4.1, failures: [] },
      warnings: ['take-over p99 5001 ms was not judged: 0 take-overs at 4 or less, load average up to 4.1 per core'],
    },
    {
      ...{ what: 'only warns when there were too few', takeOversMs: slow.slice(0, 4), load: 1, failures: [] },
      warnings: ['take-over p99 5001 ms was not judged: 4 take-overs at 4 or less, load average up to 1.0 per core'],
    },
    { what: 'says nothing of take-overs where there was none', failures: [], warnings: [] },
  ])('$what', ({ failures, warnings, ...played }) => {
    const tally = campaign(played);
    expect([tally.failures(), tally.warnings()]).toEqual([failures, warnings]);
    expect(tally.isGreen).toBe(failures.length === 0);
  });
});
