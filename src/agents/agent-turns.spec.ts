import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentTurns } from './agent-turns.js';

const SEED = 20_260_802;

interface Job {
  readonly alone: boolean;
  readonly turns: number;
  readonly fails: boolean;
}

async function work({ turns, fails }: Job): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  if (fails) throw new Error('failed');
}

describe('the turns of an agent', () => {
  it('never let anything run beside work that is alone, and all come to an end', async () => {
    const job = fc.record({ alone: fc.boolean(), turns: fc.nat(5), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (jobs) => {
        const turns = new AgentTurns();
        const running = new Set<Job>();
        const faults: string[] = [];
        const run = async (one: Job): Promise<void> => {
          running.add(one);
          if (running.size > 1 && [...running].some(({ alone }) => alone)) faults.push('not alone');
          await work(one).finally(() => running.delete(one));
        };
        const all = jobs.map((one) => (one.alone ? turns.alone(() => run(one)) : turns.share(() => run(one))));
        const outcomes = Promise.allSettled(all);
        await turns.idle();
        expect({ running: running.size, faults }).toEqual({ running: 0, faults: [] });
        expect((await outcomes).map(({ status }) => status === 'rejected')).toEqual(jobs.map(({ fails }) => fails));
        expect(turns.isTaken).toBe(false);
      }),
      { seed: SEED },
    );
  });

  it('say short things at once, or behind who works alone', async () => {
    const turns = new AgentTurns();
    const said: string[] = [];
    turns.afterwards(() => said.push('at once'));
    const inner = turns.alone(async () => {
      await Promise.resolve();
      said.push('inner');
    });
    turns.afterwards(() => said.push('after'));
    await Promise.all([inner, turns.idle()]);
    expect(said).toEqual(['at once', 'inner', 'after']);
  });
});
