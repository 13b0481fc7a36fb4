import { describe, expect, it } from '@jest/globals';
import { EventTally, tallyIndex } from './event-tally.js';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('shows what was tallied, by the five critical types and all others together', async () => {
    const metrics = new Metrics();
    for (const type of ['agent_started', 'thread_updated', 'run_resumed']) metrics.appended.add(tallyIndex(type));
    const { body } = await metrics.text();
    expect(body).toContain('goldenpath_events_appended_total{type="agent_started"} 1');
    expect(body).toContain('goldenpath_events_appended_total{type="other"} 2');
    expect(body).toContain('goldenpath_events_appended_total{type="agent_completed"} 0');
  });

  it('leaves out a metric whose value can not be read now, and keeps the rest', async () => {
    const metrics = new Metrics();
    metrics.gauges({ name: 'broken', help: 'x', label: 'state' }, () => Promise.reject(new Error('away')));
    metrics.slowConsumer();
    const { body } = await metrics.text();
    expect(body).not.toContain('broken{');
    expect(body).toContain('goldenpath_slow_consumers_total 1');
  });
});

describe('a tally', () => {
  it('is moved to another one whole', () => {
    const [from, to] = [new EventTally(), new EventTally()];
    from.add(tallyIndex('tool_completed'), 3);
    to.add(tallyIndex('tool_completed'));
    from.moveTo(to);
    expect([from.count('tool_completed'), to.count('tool_completed')]).toEqual([0, 4]);
  });
});
