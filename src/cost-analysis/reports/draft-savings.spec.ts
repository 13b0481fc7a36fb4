import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../context/json.js';
import { data, QUALITY, record, section, warning } from './draft.fixture.js';

describe('savings in a report', () => {
  it('carries savings forward to a month only where there is usage on most days', () => {
    const figures: Record<string, readonly [string, string]> = {};
    for (const path of ['gross', 'net', 'overlap', 'net_month', 'net_year']) {
      figures[`${path}_low`] = ['usd', '1'];
      figures[`${path}_high`] = ['usd', '2'];
    }
    const savings = record('combine_savings', figures);
    const opportunity = {
      title: 'Save',
      kind: 'retry',
      confidence: 'derived',
      effort: 'low',
      owner: 'Finance',
    } as const;
    const text = (days: string): string => {
      const quality = record('data_quality', {
        first_day: ['date', '2025-03-01'],
        last_day: ['date', '2025-03-31'],
        days: ['days', days],
      });
      const from = data([quality, savings], { sufficiency: 'sufficient' });
      const facts = { low_fact: 'combine_savings.net_low', high_fact: 'combine_savings.net_high', coverage_fact: null };
      const net = { key: 'retry', net_low_fact: facts.low_fact, net_high_fact: facts.high_fact };
      const opportunities = [{ ...opportunity, ...facts, ...net, verify: 'look', undo: 'nothing', caveats: [] }];
      return section('savings', { ...from, opportunities });
    };
    expect(text('22')).toContain('a month');
    expect(text('15')).not.toContain('a month');
  });

  describe('about another model', () => {
    const CAVEATS = ['Quality is not known from usage data.', 'Models count tokens differently.'];
    const move = (to: string, row: JsonObject) => ({
      from_model: 'gpt-4o',
      to_model: to,
      costs_more: false,
      ...Object.fromEntries(
        ['now', 'then', 'low', 'high', 'coverage'].map((path) => [
          `${path}_fact`,
          `simulate_model_substitution.${path}`,
        ]),
      ),
      ...row,
    });
    const figures = {
      now: ['usd', '10'],
      then: ['usd', '2'],
      low: ['usd', '3'],
      high: ['usd', '6'],
      coverage: ['percent', '40'],
    } as const;
    const asked = (...rows: JsonObject[]) =>
      data([QUALITY, warning(record('simulate_model_substitution', figures, rows), CAVEATS)], {
        intent: 'what_if',
        sufficiency: 'sufficient',
        entities: { models: [], dimensions: [], to_model: 'x' },
      });

    it('says of each saving what it covers, and once what is not known of it and how to find out', () => {
      const from = asked(move('small', { fits_context: true }), move('dear', { costs_more: true }));
      expect(section('headline', from)).toContain(
        '- **small instead of gpt-4o:** saves $3.00 to $6.00 if only a part of the traffic moves; all of it moved, ' +
          'the same tokens would cost $2.00 instead of $10.00. It covers 40% of spend.\n' +
          '- **dear instead of gpt-4o:** costs more; the same tokens would cost $2.00 instead of $10.00.\n' +
          `- **Before you move:** ${CAVEATS.join(' ')} Confidence: assumption (about what can be moved, kept or put off; it needs a test). ` +
          'Effort: medium. To verify: run a sample of real requests on both models, compare quality blind, then compare the cost of a week.\n',
      );
      expect(section('savings', from)).toMatch(/\n\nQuality is not known from usage data\. Models count tokens/);
      expect(section('headline', asked(move('dear', { costs_more: true })))).not.toContain('Before you move');
    });

    it('marks those whose context window is too small, or perhaps so', () => {
      const from = asked(
        move('a', { fits_context: true }),
        move('b', { fits_context: false }),
        move('c', { fits_context: null }),
      );
      expect(section('headline', from)).toContain('For the longest inputs, its context window is too small.');
      expect(section('savings', from)).toContain(
        '| gpt-4o | a | $10.00 | $2.00 |\n' +
          '| gpt-4o | b (context window too small) | $10.00 | $2.00 |\n' +
          '| gpt-4o | c (context window not known to suffice) | $10.00 | $2.00 |',
      );
    });
  });

  it.each([
    ['2', 'assumption'],
    ['4', 'measured'],
  ])('says how sure one way to save is that the question asks about, at $%s to $4: %s', (low, confidence) => {
    const figures = { saving_low: ['usd', low], saving_high: ['usd', '4'], coverage: ['percent', '70'] } as const;
    const from = data([QUALITY, record('batch_opportunity', figures, [{ model: 'gpt-4o' }])], {
      intent: 'savings',
      topics: ['batch'],
      sufficiency: 'sufficient',
    });
    const terms = new RegExp(
      `Confidence: ${confidence} \\(.*\\)\\. Effort: medium\\. It covers 70% of spend\\. To verify: send one night`,
    );
    expect(section('headline', from)).toMatch(terms);
    expect(section('analyses', from)).toMatch(terms);
  });

  it('names the provider of a limit where the model is used at several', () => {
    const rows = ['azure', 'openai'].map((name) => ({
      model: 'gpt-4o',
      of_provider: name,
      low_fact: 'output_cap.low',
      high_fact: 'output_cap.high',
    }));
    const from = data([QUALITY, record('output_cap', { low: ['usd', '1'], high: ['usd', '2'] }, rows)], {
      intent: 'savings',
      topics: ['output'],
      sufficiency: 'sufficient',
    });
    expect(section('headline', from)).toContain(
      'gpt-4o of azure: could save $1.00 to $2.00; gpt-4o of openai: could save $1.00 to $2.00.',
    );
    expect(section('analyses', from)).toContain('\n| gpt-4o of azure | ');
  });
});
