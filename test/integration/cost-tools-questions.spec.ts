import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { sampleUsage } from '../../src/cost-analysis/sample/sample-usage.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { PipelineRun } from './cost-tools-run.js';
import { importRows, someone, type PlainRow } from './cost-tools-setup.js';

/** The sample company, from 29 June to 27 August 2026. */
function sampleRows(): PlainRow[] {
  const [header = '', ...lines] = [...sampleUsage()];
  const columns = header.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    return {
      at: cell('timestamp'),
      model: cell('model'),
      input: Number(cell('input_tokens')),
      output: Number(cell('output_tokens')),
      team: cell('team') || null,
      feature: cell('feature') || null,
      ...(cell('requests') === '' ? {} : { bucketRequests: Number(cell('requests')) }),
    };
  });
}

describe('questions about the sample company', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let user: UserExecutionContext;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    user = await someone(open.database);
    await importRows(open.database, user, { label: 'Sample', synthetic: true, rows: sampleRows() });
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  /** Title and first section of the answer. */
  const inShort = async (question: string): Promise<string> => {
    const context = await sameTenant();
    const { response } = await new PipelineRun(open.database, context).ask(question);
    expect(response).not.toMatch(/\{\{|undefined|NaN|null/);
    return response.split('\n## ').slice(0, 2).join('\n');
  };

  /** A run of its own for each question: a run keeps one report. */
  const sameTenant = async (): Promise<UserExecutionContext> => {
    const other = await someone(open.database);
    await open.database.execute('UPDATE usage_event SET tenant_id = $1 WHERE tenant_id = $2', [
      other.tenantId,
      user.tenantId,
    ]);
    await open.database.execute('UPDATE usage_import SET tenant_id = $1, user_id = $3 WHERE tenant_id = $2', [
      other.tenantId,
      user.tenantId,
      other.userId,
    ]);
    user = other;
    return other;
  };

  it('why spend jumped: the incident of 11 and 12 August, what it was made of, and where', async () => {
    const text = await inShort('Why did spend jump?');
    expect(text).toMatch(
      /\n- \*\*What changed:\*\* 11 August 2026 to 12 August 2026 cost \$[\d.,]+, against \$[\d.,]+ on 4 August 2026 to 5 August 2026/,
    );
    expect(text).toContain('above all in chat-assistant on gpt-4o ($');
  });

  it.each([
    ['Which days were unusual in August 2026?', 'chat-assistant on gpt-4o'],
    ['Which teams had unusual days?', 'support'],
  ])('%s hears what the largest are due to, and where', async (question, place) => {
    const text = await inShort(question);
    expect(text).toMatch(
      /- \*\*Most unusual:\*\* 11 August 2026 to 12 August 2026: .* Compared with 4 August 2026 to 5 August 2026, at \$[\d.,]+, most/,
    );
    expect(text).toMatch(new RegExp(`above all in ${place} \\(\\$`));
    expect(text.includes('not in that of each team')).toBe(question.includes('teams'));
  });

  it('why spend changed on a weekday: that day against the same weekday before', async () => {
    const text = await inShort('Why did spend jump on Tuesday?');
    expect(text).toContain('**What changed:** 25 August 2026 cost $');
    expect(text).toContain(' on 18 August 2026: a rise of $0.04 (0.2%).\n');
  });

  it('why spend changed in a week that the data covers in part: those days against the same ones before', async () => {
    const text = await inShort('Why did spend change this week?');
    expect(text).toContain('**What changed:** 24 August 2026 to 27 August 2026 cost $');
    expect(text).toContain(' on 17 August 2026 to 20 August 2026: a rise of ');
  });

  it('a period since a day: until the data ends', async () => {
    const text = await inShort('What did team support spend since 20 August 2026?');
    expect(text).toContain('**These figures cover only:** team support, 20 August 2026 to 27 August 2026.');
    expect(await inShort('Why did spend change since 2026-08-21?')).toContain(
      '**What changed:** 21 August 2026 to 27 August 2026 cost $',
    );
  });

  it.each([
    ['and for team support only?', ['How much did we spend?'], 'team support'],
    ['same for last week', ['What did team support spend?'], 'team support, 17 August 2026 to 23 August 2026'],
    [
      'and for engineering?',
      ['What did team support spend in July 2026?'],
      'team engineering, 1 July 2026 to 31 July 2026',
    ],
  ])('%s goes on from the question before', async (question, earlier, scope) => {
    const { response, tools } = await new PipelineRun(open.database, await sameTenant()).ask(question, earlier);
    expect(response).toContain(`**These figures cover only:** ${scope}.`);
    expect(tools).not.toContain('combine_savings');
  });

  it.each([
    ['How much did we spend?', ['Where the money goes'], ['Savings', 'Outlook', 'Unusual days']],
    ['What will we spend next month?', ['Outlook'], ['Savings', 'Where the money goes']],
    ['Why did spend jump?', ['What changed', 'Unusual days'], ['Savings', 'Outlook', 'Where the money goes']],
    ['What would gpt-5-mini save us?', ['On other models'], ['Outlook', 'Unusual days']],
    ['How did spend develop over time?', ['How spend developed', 'Outlook'], ['Savings']],
    ['What do failed calls and retries cost us?', ['Failed and repeated calls'], ['Savings', 'Outlook']],
    ['Should we commit to a spend for a discount?', ['Committing to a spend'], ['Savings', 'Outlook']],
    ['How do cost and latency compare? Are faster models dearer?', ['Cost and speed'], ['Savings']],
  ])('%s is answered to the point', async (question, shown, left) => {
    const { response, agents } = await new PipelineRun(open.database, await sameTenant()).ask(question);
    expect(response).not.toMatch(/\{\{|undefined|NaN|null/);
    for (const title of [...shown, 'Next steps']) expect(response).toContain(`## ${title}\n`);
    for (const title of left) expect(response).not.toContain(`## ${title}\n`);
    expect(agents).toEqual(['triage', 'data', 'optimization', 'actions', 'report']);
  });

  it('a comparison names what is compared', async () => {
    const text = await inShort('Compare team support and team engineering');
    expect(text).toMatch(/\*\*support:\*\* \$[\d.,]+, [\d.]+% of spend/);
    expect(text).toMatch(/\*\*engineering:\*\* \$/);
  });

  it('what a named model would save: every model in use, also where it costs more', async () => {
    const text = await inShort('What would gpt-5-mini save us?');
    expect(text).toMatch(/\n- \*\*gpt-5-mini instead of gpt-4o:\*\* saves \$/);
    expect(text).toMatch(/\*\*gpt-5-mini instead of gpt-4o-mini:\*\* costs more; /);
    expect(text).toMatch(
      /\*\*Before you move:\*\* Whether a cheaper model is good enough .* Models count tokens differently.* To verify: /,
    );
    expect(text).not.toContain('instead of gpt-5-mini:');
    expect(text).not.toContain('none found');
  });

  it.each([
    ['What did we spend for team support?', 'team support'],
    ['What would GPT-5 mini save us on support?', 'team support'],
    ['costs on claude-sonnet-4-5', 'model claude-sonnet-4-5'],
    ['What did we spend last week?', '17 August 2026 to 23 August 2026'],
    ['What did we spend in July 2026?', '1 July 2026 to 31 July 2026'],
  ])('%s is limited to it, and says so first', async (question, scope) => {
    expect(await inShort(question)).toContain(
      `## In short\n\n**These figures cover only:** ${scope}.`.replace('## ', ''),
    );
  });

  it('about a period counts from the end of the data, and says so', async () => {
    expect(await inShort('What did we spend last week?')).toContain(
      '“last week” is counted from the last day of the data',
    );
  });

  it('about a name that does not exist: that comes first, with the names that do', async () => {
    const text = await inShort('What did team search spend?');
    expect(text).toMatch(/In short\n\nThere is no team “search” in the data; the data knows [a-z, ]*support/);
    expect(text).toContain('not limited to it');
  });

  it('about a period without usage: that comes first', async () => {
    expect(await inShort('What did we spend in July 2024?')).toContain(
      'the data runs from 29 June 2026 to 27 August 2026',
    );
  });

  it('about a budget: the forecast, and how it compares', async () => {
    const text = await inShort('Will we stay within our budget of $5,000 next month?');
    expect(text).toMatch(/\n- \*\*Expected from 1 September 2026 to 30 September 2026:\*\* \$[\d.,]+, likely between/);
    expect(text).toMatch(/\n- \*\*Budget:\*\* \$5,000, taken as one for these days, is likely to hold/);
  });

  it('about savings say of each how much of spend it covers, not all of them together', async () => {
    const { response } = await new PipelineRun(open.database, await sameTenant()).ask('How can we save?');
    const covered = [...response.matchAll(/It covers ([\d.]+)% of spend/g)].map(([, share]) => share);
    expect(covered).toEqual(['40.8', '19.0', '20.3']);
    expect(response).toMatch(
      /\*\*Together: \$[\d.,]+ to \$[\d.,]+\*\*, [\d.]+% to [\d.]+% of spend\. Added up, .* overlap by/,
    );
  });

  it('about something else end in one section, and the event says so', async () => {
    const { thoughts } = await new PipelineRun(open.database, await sameTenant()).ask(
      'who is the president of France?',
    );
    expect(thoughts).toContain('The report has 1 section: “What I can answer”.');
  });

  it('about something else get no figures, whatever they begin with', async () => {
    expect(await inShort('who is the president of France?')).toContain('What I can answer');
  });
});
