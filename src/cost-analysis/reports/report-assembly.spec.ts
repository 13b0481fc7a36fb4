import { describe, expect, it } from '@jest/globals';
import { FALLBACK_MARK, ReportAssembly } from './report-assembly.js';

const draft = {
  title: 'Costs',
  sections: [
    { key: 'a', title: 'First', body: 'computed one' },
    { key: 'b', title: 'Second', body: 'computed two' },
    { key: 'c', title: 'Third', body: 'computed three' },
  ],
};

const assemble = () => {
  const shown: string[] = [];
  return {
    shown,
    assembly: new ReportAssembly(
      draft,
      { facts: new Map(), names: [] },
      { reportId: '0', show: (text) => shown.push(text) },
    ),
  };
};

describe('a report that is being written', () => {
  it('writes amounts everywhere as its reader wants them: in text, in alternative texts and on axes', () => {
    const total = { id: 'total', value: '5', unit: 'usd', decimals: 2, formula: '', inputs: [], as_of: null } as const;
    const chart = { kind: 'pareto', title: 'Spend', alternative_text: 'All of {{fact:total}}.', data: {} } as const;
    const assembly = new ReportAssembly(
      { title: 'Costs', sections: [{ key: 'a', title: 'First', body: 'It is {{fact:total}}.', charts: [chart] }] },
      { facts: new Map([[total.id, total]]), names: [] },
      { reportId: '0', show: () => undefined, currency: 'USD' },
    );
    assembly.written('');
    expect(assembly.markdown).toContain('It is USD 5.00.\n\n![All of USD 5.00.]');
    expect(assembly.charts).toEqual([{ ...chart, alternative_text: 'All of USD 5.00.', currency: 'USD' }]);
  });

  it('is the draft where nothing else was written', () => {
    const { assembly, shown } = assemble();
    expect(assembly.written('no heading')).toEqual([]);
    expect(assembly.markdown).toBe(
      '# Costs\n\n## First\n\ncomputed one\n\n## Second\n\ncomputed two\n\n## Third\n\ncomputed three',
    );
    expect(shown.join('')).toBe(assembly.markdown);
  });

  it('shows a section when it is complete, whatever the pieces', () => {
    const text = '## First\n\nmine\n\n## Third\n\nmine too';
    const { assembly, shown } = assemble();
    for (const piece of text.match(/[\s\S]{1,3}/g) ?? []) assembly.push(piece);
    expect(shown.join('')).toBe('# Costs\n\n## First\n\nmine');
    assembly.written(text);
    expect(assembly.markdown).toBe('# Costs\n\n## First\n\nmine\n\n## Second\n\ncomputed two\n\n## Third\n\nmine too');
  });

  it('holds back a section that fails, and what follows, until it was repaired', () => {
    const { assembly, shown } = assemble();
    assembly.push('## First\n\nabout 5 dollars\n\n## Second\n\nfine\n\n## Third\n\n');
    expect(shown).toEqual(['# Costs']);
    const failed = assembly.written('## First\n\nabout 5 dollars\n\n## Second\n\nfine');
    expect(failed).toMatchObject([{ section: { key: 'a' }, violations: [{ kind: 'numeral', found: '5' }] }]);
    assembly.repaired('## First\n\nabout something');
    expect(assembly.markdown).toContain(
      '## First\n\nabout something\n\n## Second\n\nfine\n\n## Third\n\ncomputed three',
    );
  });

  it('marks the computed text where the repair fails too', () => {
    const { assembly } = assemble();
    assembly.written('## Second\n\n42');
    assembly.repaired('## Second\n\n43');
    expect(assembly.markdown).toContain(`## Second\n\ncomputed two\n\n${FALLBACK_MARK}`);
  });

  it('has nothing of a writer that broke off when it starts again', () => {
    const { assembly, shown } = assemble();
    assembly.push('## First\n\nbroken\n\n## Second\n\n42\n\n## Third\n\nhalf of a sen');
    shown.length = 0;
    assembly.restart();
    const text = '## Second\n\nwhole\n\n## Third\n\nwhole too';
    assembly.push(text);
    expect(assembly.written(text)).toEqual([]);
    expect(assembly.markdown).toBe(
      '# Costs\n\n## First\n\ncomputed one\n\n## Second\n\nwhole\n\n## Third\n\nwhole too',
    );
    expect(shown.join('')).toBe(assembly.markdown);
  });

  it('never takes back what was shown', () => {
    const { assembly, shown } = assemble();
    assembly.push('## First\n\nshown\n\n## Second\n\n');
    assembly.written('## First\n\nother words');
    expect(assembly.markdown).toContain('## First\n\nshown\n');
    expect(shown.join('')).toBe(assembly.markdown);
  });
});
