import { describe, expect, it } from '@jest/globals';
import { runIdOf, typeOf } from './event-text.js';

const RUN = '0193b1de-0000-7000-8000-000000000001';
const OTHER = '0193b1de-0000-7000-8000-000000000002';
const event = (fields: object): string => JSON.stringify({ type: 'tool_completed', event_id: 'e', ...fields });

describe('the text of a stored event', () => {
  it('tells its type and its run', () => {
    expect(typeOf(event({}))).toBe('tool_completed');
    expect(runIdOf(event({ run_id: RUN, message: { run_id: OTHER } }))).toBe(RUN);
  });

  it('names no run where it has none, whatever a user wrote', () => {
    expect(runIdOf(event({ title: `"run_id":"${OTHER}"` }))).toBeUndefined();
    expect(runIdOf(event({ thread: { active_run_id: OTHER } }))).toBeUndefined();
  });
});
