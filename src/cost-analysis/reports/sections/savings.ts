import { cite } from '../grounding.js';
import { plainText } from '../plain-text.js';
import { citation, paragraphs, type ReportData, type Section } from '../report-data.js';
import type { Opportunity } from '../../agents/findings.js';
import { alternatives, moveCaveats } from './other-models.js';
import { savingTerms } from './saving-terms.js';

const DAY_MS = 86_400_000;
/** Days with usage, of those from the first to the last: working days are more. */
const STEADY_SHARE_MIN = 0.5;

/** Each saving by itself and beside the others, and what they come to together. */
export function savings(data: ReportData): Section | undefined {
  const combined = data.facts.report('combine_savings') !== undefined;
  const others = alternatives(data);
  const caveats = moveCaveats(data).join(' ');
  if (data.triage.sufficiency !== 'sufficient' || (!combined && others === undefined)) return undefined;
  if (!combined) return { key: 'savings', title: 'On other models', body: paragraphs(others, caveats) };
  if (data.opportunities.length === 0)
    return {
      key: 'savings',
      title: 'Savings',
      body: paragraphs('No saving was found that is large enough to be worth the work.', others, caveats),
    };
  return {
    key: 'savings',
    title: 'Savings',
    body: paragraphs(
      together(data),
      table(data.opportunities),
      data.opportunities.map((one) => line(one)).join('\n'),
      'By itself: if it were the only one. Beside the others: on what is left when the ones before it are done, in the order retries, repeated prompts, retired models, long inputs, long answers, cheaper models, caching, batches. All on the spend in this data.',
      others,
      caveats,
    ),
  };
}

/** Gross, net and overlap: the only sums of savings that are shown. */
function together(data: ReportData): string | undefined {
  const cited = (path: string): string | undefined => citation(data, 'combine_savings', path);
  const range = (path: string): string | undefined => {
    const [low, high] = [cited(`${path}_low`), cited(`${path}_high`)];
    return low === undefined || high === undefined ? undefined : `${low} to ${high}`;
  };
  const [gross, net, overlap] = [range('gross'), range('net'), range('overlap')];
  if (gross === undefined || net === undefined || overlap === undefined) return undefined;
  const [low, high] = [cited('net_low_share'), cited('net_high_share')];
  const share = low === undefined || high === undefined ? '' : `, ${low} to ${high} of spend`;
  const [month, year] = [range('net_month'), range('net_year')];
  return paragraphs(
    `**Together: ${net}**${share}. Added up, the savings would come to ${gross}, but they overlap by ${overlap}.`,
    month === undefined || year === undefined || !isSteady(data)
      ? undefined
      : `At this rate that is ${month} a month, or ${year} a year, as long as usage stays as it was.`,
  );
}

/** Sources that lie far apart have no common rate, even where the time between them is not counted: nobody knows that the older one goes on. */
function isSteady({ facts }: ReportData): boolean {
  const value = (path: string): string => facts.fact('data_quality', path)?.value ?? '';
  const spanDays = (Date.parse(value('last_day')) - Date.parse(value('first_day'))) / DAY_MS + 1;
  return Number(value('days')) >= STEADY_SHARE_MIN * spanDays;
}

const table = (opportunities: readonly Opportunity[]): string =>
  [
    '| Saving | By itself | Beside the others |',
    '| --- | ---: | ---: |',
    ...opportunities.map(
      (one) =>
        `| ${one.title} | ${cite(one.low_fact)} to ${cite(one.high_fact)} | ${cite(one.net_low_fact)} to ${cite(one.net_high_fact)} |`,
    ),
  ].join('\n');

const line = ({ title, coverage_fact: coverage, caveats, ...one }: Opportunity): string =>
  [
    `- **${title}.**`,
    savingTerms({ ...one, coverage: coverage === null ? undefined : cite(coverage) }),
    ...caveats.map(plainText),
  ].join(' ');
