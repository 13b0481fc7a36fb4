import { IMPORT_GUIDE } from '../../agents/field-guide.js';
import { citation, paragraphs, type ReportData, type Section } from '../report-data.js';

/** What there is to say without any usage data: nothing about costs, everything about getting data in. */
export function noData(): Section[] {
  return [
    {
      key: 'headline',
      title: 'In short',
      body: 'There is no usage data to analyse yet, so no figure about your costs can be given. Import a usage file and ask again.',
    },
    {
      key: 'import',
      title: 'How to import usage',
      body: paragraphs(
        `Send the file to \`${IMPORT_GUIDE.endpoint}\` as its body, with your access token. Formats read: ${IMPORT_GUIDE.formats.join(', ')}; the format is recognised by the names of its fields.`,
        `In the generic format each row needs the columns ${code(IMPORT_GUIDE.required)}. It may also have ${code(IMPORT_GUIDE.optional)}.`,
        ['```sh', IMPORT_GUIDE.example, '```'].join('\n'),
        'A trace without model names is imported with `price_as` and the model to price it as. Rows that can’t be read are counted and returned with line and reason; the others are in.',
      ),
    },
    {
      key: 'next_steps',
      title: 'Next steps',
      body: ['Export usage from your gateway or provider.', 'Import it as above.', 'Ask the same question again.']
        .map((step, index) => `${index + 1}. ${step}`)
        .join('\n'),
    },
  ];
}

const code = (columns: readonly string[]): string => columns.map((column) => `\`${column}\``).join(', ');

/** How an answer begins that has no figures to give. */
const OPENINGS = {
  greeting: 'Hello. I analyse what your company spends on language models, and can tell you:',
  help: 'I analyse what your company spends on language models, from the usage data that you import. I can tell you:',
  other_language:
    'I read questions in English only here, and this one seems to be in another language, so I have not analysed anything. Please ask it in English. I can tell you:',
  action: 'I answer questions about AI costs, and cannot change, send or delete anything. I can tell you:',
  other: 'That question is not about the cost of language models, which is what I can analyse. I can tell you:',
} as const;

/** The answer to a question about something else: what can be asked here, and about which data. */
export function capabilities(data: ReportData): Section[] {
  const [rows, spend] = [citation(data, 'data_quality', 'rows'), citation(data, 'data_quality', 'spend')];
  if (data.triage.courtesy === 'thanks')
    return [
      { key: 'headline', title: 'You are welcome', body: 'Ask whenever you want to know more about your AI costs.' },
    ];
  const empty = rows === undefined || data.facts.fact('data_quality', 'rows')?.value === '0';
  return [
    {
      key: 'headline',
      title: 'What I can answer',
      body: paragraphs(
        OPENINGS[data.triage.beyond ?? data.triage.courtesy ?? 'other'],
        [
          '- what you spent, in total or in any month, week or day, on which models, teams and features;',
          '- what a request or a million tokens cost;',
          '- why spend changed from one period to another;',
          '- whether the reported cost agrees with tokens and list prices;',
          '- which days were unusual, what the coming weeks are likely to cost, and whether a budget is likely to hold;',
          '- what another model, caching, batches or a limit on long answers would save, and what to do first;',
          '- what your data lacks, and what it would make possible.',
        ].join('\n'),
        empty
          ? `There is no usage data yet. Import it with \`${IMPORT_GUIDE.endpoint}\`.`
          : `You have ${rows} usage records, with a spend of ${spend ?? 'unknown size'}.`,
        'Ask, for example: “Analyze my AI costs”.',
      ),
    },
  ];
}
