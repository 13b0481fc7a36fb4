import { describe, expect, it } from '@jest/globals';
import { Clock } from '../telemetry/clock.js';
import { Lifecycle } from './lifecycle.js';

class SetClock extends Clock {
  ms = 0;
  override monotonicMs(): number {
    return this.ms;
  }
}

function lifecycle() {
  const clock = new SetClock();
  const told: string[] = [];
  const subject = new Lifecycle(clock);
  subject.onServiceChange((service, mode) => told.push(`${service} ${mode}`));
  return { clock, subject, told };
}

describe('Lifecycle', () => {
  it('goes full, degraded, limited, full as a service gets worse and comes back', () => {
    const { subject, told } = lifecycle();
    const modes = [subject.mode];
    subject.noteAway('supervisor', 'degraded');
    modes.push(subject.mode);
    expect(subject.capabilities).toContain('agents');
    subject.noteAway('supervisor');
    subject.noteAway('supervisor');
    modes.push(subject.mode);
    expect(subject.capabilities).toEqual(['history', 'usage_import', 'usage_summary']);
    subject.noteBack('supervisor');
    subject.noteBack('supervisor');
    modes.push(subject.mode);
    expect(modes).toEqual(['full', 'degraded', 'limited', 'full']);
    expect(told).toEqual(['supervisor degraded', 'supervisor limited', 'supervisor full']);
  });

  it('is as bad as the worst of several losses', () => {
    const { subject } = lifecycle();
    subject.noteAway('redis');
    subject.noteAway('database');
    expect([subject.mode, subject.degraded, subject.capabilities]).toEqual(['limited', ['redis', 'database'], []]);
    subject.noteBack('database');
    expect([subject.mode, subject.degraded, subject.capabilities.length]).toEqual(['degraded', ['redis'], 4]);
  });

  it('misses what another process misses, as badly as the worse of both, until neither does', () => {
    const { subject, told } = lifecycle();
    subject.noteElsewhere(new Map([['supervisor', 'limited']]));
    subject.noteAway('supervisor', 'degraded');
    expect([subject.mode, [...subject.own]]).toEqual(['limited', [['supervisor', 'degraded']]]);
    subject.noteElsewhere(new Map([['model', 'degraded']]));
    expect([subject.modeOf('supervisor'), subject.degraded]).toEqual(['degraded', ['supervisor', 'model']]);
    subject.noteBack('supervisor');
    subject.noteElsewhere(new Map());
    expect([subject.mode, subject.degraded]).toEqual(['full', []]);
    expect(told).toEqual([
      'supervisor limited',
      'supervisor degraded',
      'model degraded',
      'supervisor full',
      'model full',
    ]);
  });

  it('records how each phase of the start went, and how long it took or has taken', async () => {
    const { clock, subject } = lifecycle();
    await subject.runPhase('config', () => {
      clock.ms += 5;
      return Promise.resolve();
    });
    let finish = (): void => undefined;
    const database = subject.runPhase('database', () => new Promise((resolve) => (finish = resolve)));
    clock.ms += 7;
    expect(subject.startup).toMatchObject({
      config: { status: 'done', latencyMs: 5 },
      database: { status: 'running', latencyMs: 7 },
      migrations: { status: 'waiting', latencyMs: 0 },
    });
    finish();
    await database;
    await expect(subject.runPhase('migrations', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    clock.ms += 100;
    expect(subject.startup).toMatchObject({
      database: { status: 'done', latencyMs: 7 },
      migrations: { status: 'failed', latencyMs: 0 },
    });
  });
});
