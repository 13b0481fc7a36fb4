import { describe, expect, it } from '@jest/globals';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { Revocations, type Revoked } from './revocations.js';

class StoppedClock extends Clock {
  nowMs = 0;

  override monotonicMs(): number {
    return this.nowMs;
  }
}

const SESSION: Revoked = { userId: 'u', sessionId: 's' };

function setUp() {
  const clock = new StoppedClock();
  const revocations = new Revocations(clock, new Logger('silent'));
  const heard: Revoked[] = [];
  const stop = revocations.onRevoked((revoked) => heard.push(revoked));
  return { clock, revocations, heard, stop };
}

describe('revocations', () => {
  it('tell each session once, though the feed reads it again and again', () => {
    const { clock, revocations, heard } = setUp();
    revocations.announce([SESSION]);
    clock.nowMs = 59_000;
    revocations.announce([SESSION, { userId: 'u', sessionId: 's2' }]);
    expect(heard.map((revoked) => revoked.sessionId)).toEqual(['s', 's2']);
  });

  it('forget after a minute', () => {
    const { clock, revocations, heard } = setUp();
    revocations.announce([SESSION]);
    clock.nowMs = 60_000;
    revocations.announce([SESSION]);
    expect(heard).toHaveLength(2);
  });

  it('tell of a user as a whole each time', () => {
    const { revocations, heard } = setUp();
    revocations.announce([{ userId: 'u' }]);
    revocations.announce([{ userId: 'u' }]);
    expect(heard).toEqual([{ userId: 'u' }, { userId: 'u' }]);
  });

  it('reach the other listeners when one throws, and none that stopped', () => {
    const { revocations, heard, stop } = setUp();
    const late: Revoked[] = [];
    revocations.onRevoked(() => {
      throw new Error('broken');
    });
    revocations.onRevoked((revoked) => late.push(revoked));
    stop();
    revocations.announce([SESSION]);
    expect([heard, late]).toEqual([[], [SESSION]]);
  });
});
