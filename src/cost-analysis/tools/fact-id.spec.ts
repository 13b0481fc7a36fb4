import { describe, expect, it } from '@jest/globals';
import { factScope, idPart } from './fact-id.js';

describe('ids of facts', () => {
  it('keep names readable', () => {
    expect(idPart('gpt-4.1-mini')).toBe('gpt-4.1-mini');
    expect(idPart('Team Ünicorn {{x}}')).toBe('team-nicorn-x');
    expect(idPart('***')).toBe('unnamed');
  });

  it('carry the parameters that differ from the defaults, in a fixed order', () => {
    const defaults = { dimensions: ['model'], limit: 8 };
    expect(factScope('cost_breakdown', { dimensions: ['model'], limit: 8 }, defaults)).toBe('cost_breakdown');
    expect(
      factScope('cost_breakdown', { limit: 3, dimensions: ['team', 'user'], where: { team: 'A B' } }, defaults),
    ).toBe('cost_breakdown:dimensions=team+user:limit=3:where.team=a-b');
  });
});
