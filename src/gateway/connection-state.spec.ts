import { describe, expect, it } from '@jest/globals';
import { nextState, type ConnectionState } from './connection-state.js';

const STATES: ConnectionState[] = ['connecting', 'authenticated', 'ready', 'draining', 'closed'];
const LEGAL = new Set([
  'connecting→authenticated',
  'connecting→closed',
  'authenticated→ready',
  'authenticated→closed',
  'ready→draining',
  'ready→closed',
  'draining→closed',
]);

describe('the state of a connection', () => {
  it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s → %s', (from, to) => {
    const change = () => nextState(from, to);
    if (LEGAL.has(`${from}→${to}`)) expect(change()).toBe(to);
    else expect(change).toThrow("can't go from");
  });
});
