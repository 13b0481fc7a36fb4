/**
 * What one planner conversation costs in CPU time: through the ModelLoop, and through the AI SDK's `streamText`, against
 * which docs/decisions/0003-model-loop.md was taken. Two tool calls one after the other, then a text; the tools answer
 * at once. Run it with `node --import ./test/support/typescript.mjs test/load/model-loop.ts`.
 */
import { loadavg } from 'node:os';
import type { LanguageModelV3CallOptions } from '@ai-sdk/provider';
import { stepCountIs, streamText } from 'ai';
import type { JsonObject } from '../../src/context/json.js';
import { openingMessages, systemText } from '../../src/models/conversation-prompt.js';
import { sdkTools } from '../../src/models/loop-tools.js';
import { PlannerModel } from '../../src/models/planner-model.js';
import { AnswerReader } from '../../src/models/step-answer.js';
import { streamOf } from '../../src/models/stream-of.js';
import { converse, modelLoop } from '../support/model-loop.js';
import { byModelThenTeam, usageTool } from '../support/usage-tool.js';
import { percentile } from './percentile.js';

const ROUNDS = 15;
/** In a round, and as many before it. */
const CONVERSATIONS = 200;
const AT_ONCE = 50;
const INPUT = { question: 'Analyze my AI costs', intent: 'overview', facts: { 'query_usage.1.total': '$96.79' } };
const ROWS = 30;
const ANSWER = 'The largest share of the spend went to gpt-4o for support tickets. '.repeat(8);

/** As much as a real tool answers. */
const RESULT: JsonObject = {
  rows: Array.from({ length: ROWS }, (_, row) => ({
    model: `model-${row}`,
    requests: row * 17,
    cost_usd: `${row}.25`,
  })),
};

const { tool } = usageTool(() => ({ result: RESULT }));
const plan: typeof byModelThenTeam = (view) => {
  const step = byModelThenTeam(view);
  return 'text' in step ? { ...step, text: ANSWER } : step;
};

type Converse = () => Promise<string>;

const { loop } = modelLoop();
const generated: Converse = async () => (await converse(loop, { plan, tools: [tool], input: INPUT })).outcome.text;

/** Streams each answer as ResilientModel did: with its deltas joined. */
class StreamedPlanner extends PlannerModel {
  override doStream({ prompt }: LanguageModelV3CallOptions) {
    const reader = new AnswerReader({ text: () => undefined, reasoning: () => undefined });
    for (const part of this.parts(prompt)) reader.take(part);
    return Promise.resolve({ stream: streamOf(reader.answer().parts) });
  }
}

const streamed: Converse = async () => {
  const { signal } = new AbortController();
  const { fullStream } = streamText({
    model: new StreamedPlanner(plan),
    system: systemText('Answer the question.'),
    messages: openingMessages(INPUT, []),
    tools: sdkTools([tool], { resumed: [], signal, nextId: () => '', onFatal: () => undefined }),
    stopWhen: stepCountIs(10),
    maxRetries: 0,
    abortSignal: signal,
  });
  let text = '';
  for await (const part of fullStream) if (part.type === 'text-delta') text += part.text;
  return text;
};

async function converseTimes(run: Converse, atOnce: number): Promise<void> {
  for (let done = 0; done < CONVERSATIONS; done += atOnce) {
    const texts = await Promise.all(Array.from({ length: atOnce }, run));
    if (texts.some((text) => text.trim() !== ANSWER.trim())) throw new Error('a conversation took a short cut');
  }
}

/** CPU time of this process, user and system, for each conversation, in microseconds. */
async function cpuMicros(run: Converse, atOnce: number): Promise<number> {
  // Not measured: collects what the variant before this one left behind.
  await converseTimes(run, atOnce);
  const before = process.cpuUsage();
  await converseTimes(run, atOnce);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CONVERSATIONS;
}

const variants = [
  { name: 'streamText, one by one', run: streamed, atOnce: 1 },
  { name: 'streamText, 50 at once', run: streamed, atOnce: AT_ONCE },
  { name: 'ModelLoop, one by one', run: generated, atOnce: 1 },
  { name: 'ModelLoop, 50 at once', run: generated, atOnce: AT_ONCE },
].map((variant) => ({ ...variant, rounds: [] as number[] }));

// Round by round in turn, so that what else the machine does hits all of them alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { run, atOnce, rounds } of variants) rounds.push(await cpuMicros(run, atOnce));
}
for (const { name, rounds } of variants) {
  const [least, median] = [Math.min(...rounds), percentile(rounds, 0.5)].map(Math.round);
  process.stdout.write(`${name.padEnd(26)} ${median} µs CPU a conversation (median of ${ROUNDS}; least ${least})\n`);
}
const loads = loadavg().map((load) => load.toFixed(1));
process.stdout.write(`load average ${loads.join(' ')}\n`);
