/**
 * What one planner conversation costs in CPU time: through the ModelLoop, and through the AI SDK's `generateText`, against
 * which docs/decisions/0003-model-loop.md was taken. Two tool calls one after the other, then a text; the tools answer
 * at once. Run it with `node --import ./test/support/typescript.mjs test/load/model-loop.ts`.
 */
import { loadavg } from 'node:os';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import { generateText, jsonSchema, stepCountIs, tool as sdkTool, zodSchema } from 'ai';
import type { JsonObject } from '../../src/context/json.js';
import { generateResult } from '../../src/models/answer-content.js';
import { PlannerModel } from '../../src/models/planner-model.js';
import { AnswerReader } from '../../src/models/step-answer.js';
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
const schema = jsonSchema<JsonObject>(() => zodSchema(tool.schema).jsonSchema);
const plan: typeof byModelThenTeam = (view) => {
  const step = byModelThenTeam(view);
  return 'text' in step ? { ...step, text: ANSWER } : step;
};

type Converse = () => Promise<string>;

const { loop } = modelLoop();
const fromLoop: Converse = async () => (await converse(loop, { plan, tools: [tool], input: INPUT })).outcome.text;

const planner = new PlannerModel(plan);
/** The planner as `generateText` takes a model. */
const wholePlanner: LanguageModelV3 = {
  specificationVersion: planner.specificationVersion,
  provider: planner.provider,
  modelId: planner.modelId,
  supportedUrls: planner.supportedUrls,
  doGenerate: ({ prompt }) => {
    const reader = new AnswerReader({ text: () => undefined, reasoning: () => undefined });
    for (const part of planner.parts(prompt)) reader.take(part);
    return Promise.resolve(generateResult(reader.answer()));
  },
  doStream: (options) => planner.doStream(options),
};

const fromSdk: Converse = async () => {
  const { text } = await generateText({
    model: wholePlanner,
    system: 'Answer the question.',
    prompt: JSON.stringify(INPUT),
    tools: {
      query_usage: sdkTool({
        description: tool.description,
        inputSchema: schema,
        execute: (parameters: JsonObject) => tool.call(parameters).then(({ result }) => result),
      }),
    },
    stopWhen: stepCountIs(10),
    maxRetries: 0,
  });
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
  { name: 'generateText, one by one', run: fromSdk, atOnce: 1 },
  { name: 'generateText, 50 at once', run: fromSdk, atOnce: AT_ONCE },
  { name: 'ModelLoop, one by one', run: fromLoop, atOnce: 1 },
  { name: 'ModelLoop, 50 at once', run: fromLoop, atOnce: AT_ONCE },
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
