import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../context/json.js';
import { draftReport } from './draft.js';
import { data, QUALITY, record, section } from './draft.fixture.js';

describe('the draft of a report', () => {
  it('does not say that there is no billed cost when there is one that cannot be compared', () => {
    const reported = record('reconcile_costs', { reported: ['usd', '12.5'] });
    const text = section('headline', data([QUALITY, reported], { sufficiency: 'sufficient' }));
    expect(text).toContain('$12.50 reported; it cannot be compared');
    expect(text).not.toContain('no billed cost');
  });

  it('says before any figure that lines of a bill were imported with different costs', () => {
    const text = (rows: string) =>
      section(
        'headline',
        data(
          [
            record('data_quality', {
              rows: ['count', '31'],
              spend: ['usd', '310'],
              restated_rows: ['count', rows],
              restated_difference: ['usd', '12.5'],
            }),
          ],
          { intent: 'total', sufficiency: 'sufficient' },
        ),
      );
    expect(text('2')).toMatch(
      /^\*\*Not settled:\*\* 2 buckets or lines of bills were .*\$12\.50 apart.*supersedes=true/,
    );
    expect(text('1')).toContain('1 bucket or line of a bill was imported twice');
    expect(section('headline', data([QUALITY], { intent: 'total', sufficiency: 'sufficient' }))).not.toContain(
      'Not settled',
    );
  });

  describe('with a bill on days that have usage', () => {
    const figures = {
      'bill.anthropic.billed': ['usd', '10000'],
      'bill.anthropic.usage': ['usd', '2000'],
      'bill.anthropic.gap': ['usd', '8000'],
      'bill.anthropic.gap_percent': ['percent', '400'],
      'bill.openai.billed': ['usd', '7'],
    } as const;
    const id = (path: string): string => `reconcile_costs.bill.${path}`;
    const none = { usage_fact: null, gap_fact: null, gap_percent_fact: null };
    const compared = {
      usage_fact: id('anthropic.usage'),
      gap_fact: id('anthropic.gap'),
      gap_percent_fact: id('anthropic.gap_percent'),
    };
    const bills = record('reconcile_costs', figures, [
      { kind: 'bill', name: 'anthropic', billed_fact: id('anthropic.billed'), ...compared },
      { kind: 'bill', name: 'openai', billed_fact: id('openai.billed'), ...none },
    ]);
    const text = (key: string, intent = 'overview') =>
      section(key, data([QUALITY, bills], { intent, sufficiency: 'sufficient' }));

    it.each(['overview', 'total', 'breakdown', 'comparison', 'savings', 'data_quality'])(
      'says in a headline of kind %s what was billed, and how far usage is from it',
      (intent) => {
        expect(text('headline', intent)).toContain(
          'anthropic billed $10,000.00, where usage on the same days comes to $2,000.00: a difference of $8,000.00, 400% of the usage; ' +
            'openai billed $7.00, with no usage on those days to compare it with.',
        );
        expect(text('headline', intent)).not.toMatch(/no billed cost|cannot be compared/);
      },
    );

    it('tells the bills apart in a table, and names among the sources those that are no spend', () => {
      expect(text('reconciliation')).toContain('| anthropic | $10,000.00 | $2,000.00 | $8,000.00 |');
      expect(text('reconciliation')).toContain('| openai | $7.00 | none | not compared |');
      expect(text('reconciliation')).toContain('the usage counts as the spend');
      expect(text('sources')).toBe('Bill of anthropic: $10,000.00, compared with the usage of its days.');
    });
  });

  describe('with an unusual day', () => {
    const paths = ['from', 'to', 'cost', 'expected', 'difference'];
    const events = record(
      'detect_anomalies',
      {
        days: ['days', '60'],
        events: ['count', '13'],
        events_shown: ['count', '1'],
        from: ['date', '2025-03-04'],
        to: ['date', '2025-03-04'],
        cost: ['usd', '2'],
        expected: ['usd', '10'],
        difference: ['usd', '8'],
      },
      [
        {
          from: '2025-03-04',
          to: '2025-03-04',
          direction: 'drop',
          difference_usd: '8',
          ...Object.fromEntries(paths.map((path) => [`${path}_fact`, `detect_anomalies.${path}`])),
        },
      ],
    );
    const LISTED =
      'The largest 1 of 13, by date:\n\n- 4 March 2025: $2.00 against an expected $10.00, $8.00 less than usual.';
    const explained = (figures: Record<string, readonly [string, string]> = {}) =>
      record(
        'explain_change',
        {
          from: ['date', '2025-03-04'],
          to: ['date', '2025-03-04'],
          compare_from: ['date', '2025-02-25'],
          compare_to: ['date', '2025-02-25'],
          before: ['usd', '11'],
          after: ['usd', '2'],
          change: ['usd', '-9'],
          change_percent: ['percent', '-82'],
          volume: ['usd', '-7'],
          chat: ['usd', '-6'],
          ...figures,
        },
        [
          {
            row: 'effect',
            effect: 'volume',
            change_usd: '-7',
            basis: 'requests',
            change_fact: 'explain_change.volume',
          },
          { row: 'segment', model: 'gpt-4o', feature: 'chat', change_usd: '-6', change_fact: 'explain_change.chat' },
        ],
      );
    const CAUSE =
      'Compared with 25 February 2025, at $11.00, most of the difference is due to fewer requests (-$7.00), above all in chat on gpt-4o (-$6.00).';
    const text = (key: string, intent: string, ...more: ReturnType<typeof record>[]) =>
      section(key, data([QUALITY, events, ...more], { intent, sufficiency: 'sufficient' }));

    it('says how many there are beside those shown, and by how much a drop falls short', () => {
      expect(text('anomalies', 'overview')).toBe(LISTED);
    });

    it('says in an overview what it is due to, without a section of its own', () => {
      expect(text('anomalies', 'overview', explained())).toBe(`${LISTED} ${CAUSE}`);
      expect(text('change', 'overview', explained())).toBe('');
    });

    it('says so in the answer where the question is about unusual days, and once', () => {
      expect(text('headline', 'anomaly', explained())).toContain(`less than usual. ${CAUSE}`);
      expect(text('anomalies', 'anomaly', explained())).toBe(LISTED);
      expect(text('change', 'anomaly', explained())).toContain('| Fewer requests | -$7.00 |');
    });

    it('says that they are not told apart by team where the question asks for that, and by no team that it names', () => {
      const asked = (triage: JsonObject) =>
        section('headline', data([QUALITY, events], { intent: 'anomaly', sufficiency: 'sufficient', ...triage }));
      const note = 'not in that of each team. Name a single team to have its own looked for.';
      const entities = { models: [], dimensions: ['team'] };
      expect(asked({ entities })).toContain(note);
      expect(asked({ named: { team: ['support', 'data'] } })).toContain(note);
      expect(asked({ entities, where: { team: 'support' } })).not.toContain(note);
      expect(asked({})).not.toContain(note);
    });

    it.each([
      ['other days', { from: ['date', '2025-03-03'] }],
      ['days that cost nothing to compare with', { before: ['usd', '0'] }],
      ['a change the other way', { change: ['usd', '9'] }],
      ['hardly any change', { change_percent: ['percent', '-0.5'] }],
    ] as const)('says no cause where the explanation is of %s', (_, figures) => {
      expect(text('anomalies', 'overview', explained(figures))).toBe(LISTED);
    });
  });

  describe('with prices', () => {
    const day = { prices_as_of: ['date', '2026-11-01'] } as const;
    const priced = record('reconcile_costs', { ...day, unpriced_rows: ['count', '30'] });
    const from = (triage: JsonObject, ...records: ReturnType<typeof record>[]) =>
      data([QUALITY, ...records], { intent: 'total', sufficiency: 'sufficient', ...triage });
    const brief = { length: 'brief' };

    it('says their day in every answer, in brief as in full', () => {
      expect(draftReport(from(brief, priced)).sections.map(({ key }) => key)).toEqual(['headline', 'method']);
      expect(section('method', from(brief, priced))).toBe('Prices as of 1 November 2026.');
      expect(section('method', from({}, priced))).toContain('Prices as of 1 November 2026, from the list prices');
    });

    it('says none in brief where every figure is a reported cost', () => {
      const reported = record('reconcile_costs', { ...day, unpriced_rows: ['count', '31'] });
      expect(section('method', from(brief, reported))).toBe('');
    });

    it('takes the day from a look at the prices where the reconciliation failed, and says when there is none', () => {
      expect(section('method', from({}, record('search_prices', day)))).toContain('Prices as of 1 November 2026');
      expect(section('method', from({}))).toMatch(/^The day of the price list could not be looked up in this run\./);
    });
  });

  it('says that no day is unusual of those only that could be judged', () => {
    const text = (key: string, facts: Parameters<typeof record>[1]) =>
      section(
        key,
        data([QUALITY, record('detect_anomalies', facts)], { intent: 'anomaly', sufficiency: 'sufficient' }),
      );
    const judged = { days: ['days', '1'], events: ['count', '0'], events_shown: ['count', '0'] } as const;
    expect(text('anomalies', judged)).toBe('No unusual day in the 1 day that could be judged.');
    expect(text('headline', judged)).toContain('**Unusual days:** none in the 1 day that could be judged.');
    expect(text('anomalies', { days: ['days', '0'] })).toContain('Unusual days cannot be told yet');
  });

  it('says that the data ended long ago when the coming month is asked for', () => {
    const forecast = record('forecast_spend', { total: ['usd', '300'], horizon: ['days', '30'] }, [
      { total_fact: 'forecast_spend.total', low_fact: null, high_fact: null },
    ]);
    const asked = (day: string) =>
      section('headline', data([QUALITY, forecast], { intent: 'forecast', sufficiency: 'sufficient' }, new Date(day)));
    expect(asked('2025-06-01')).toContain('The data ended on 31 March 2025, so this is not counted from today.');
    expect(asked('2025-04-01')).not.toContain('not counted from today');
  });
});
