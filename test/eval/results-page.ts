import type { Evaluation } from './evaluation.js';

/** docs/eval.md, made of what was just found. */
export function resultsPage({ results, dataSets, skipped }: Evaluation, date: Date): string {
  const rounds = [...new Set(results.map(({ round }) => round))];
  const cell = (round: string, dataSet: string): string => {
    const verdicts = results.find((one) => one.round === round && one.dataSet === dataSet)?.verdicts;
    return verdicts === undefined
      ? '–'
      : `${verdicts.filter(({ faults }) => faults.length === 0).length} of ${verdicts.length}`;
  };
  const table = [
    `| Answered by | ${dataSets.map(({ name }) => name).join(' | ')} |`,
    `| --- | ${dataSets.map(() => '---:').join(' | ')} |`,
    ...rounds.map((round) => `| ${round} | ${dataSets.map(({ name }) => cell(round, name)).join(' | ')} |`),
  ];
  const questions = dataSets.map(({ name, rows, questions: asked }) =>
    [
      `### ${name}, ${rows.toLocaleString('en')} rows`,
      '',
      ...asked.map(({ asks, after }) => `- ${asks}${after === undefined ? '' : ` (after “${after}”)`}`),
    ].join('\n'),
  );
  return `# Evaluation

Written by \`npm run eval -- --write\` on ${date.toISOString().slice(0, 10)}. Run \`npm run eval\` to do it again; it writes nothing.

${table.join('\n')}
${skipped.length === 0 ? '' : `\nSkipped, because their file was not there: ${skipped.map(({ name }) => name).join(', ')}.\n`}
## What is judged

Each question goes to a real server over a WebSocket, in a thread of its own; each answer is judged from outside, by its text and the facts of
its report:

- the figures that the question asks for are stated, with the value that is true, and shown in the text: to the cent where they follow from
  the data alone, within a tolerance where the specification leaves a choice (which percentile is meant, how a forecast is made); waste that was
  planted in generated usage within a tenth;
- it says what it has to say (that data is synthetic, what it is limited to, why something cannot be told) and nothing that it must not;
- every number in the text is one that a fact of the run shows, a date, a name from the data, or one that the question itself names. What takes
  the text apart for this shares no code with the server.

The truth does not come from the code that is judged: sums are made from the lines of the files, with prices written down from the price lists
(\`test/eval/list-prices.table.ts\`); what a prompt cache could have served is counted call by call from the block ids (\`test/eval/prefix-reuse.ts\`).

The models are scripted and answer over real HTTP. One calls tools and cites; one states figures of its own, also when it is asked to correct
them: its words must be replaced by the computed text, marked; one follows an instruction that stands in a tag: none of it may reach the answer.
Figures of the question itself are a limit of the check: a model that repeats one ("the last 7 days", a budget) has its words replaced, too, so
that the answer is right but not in its words.

## The questions

${questions.join('\n\n')}
`;
}
