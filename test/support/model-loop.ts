import type { LanguageModelV3 } from '@ai-sdk/provider';
import { loadConfiguration, type ProcessEnvironment } from '../../src/config/load-configuration.js';
import { BackOff } from '../../src/models/back-off.js';
import { ModelAvailability } from '../../src/models/model-availability.js';
import { ModelLoop, type LoopOutcome, type LoopRequest } from '../../src/models/model-loop.js';
import { ConfiguredModel } from '../../src/models/model-provider.js';
import type { DegradedNotice } from '../../src/models/resilient-model.js';
import { Lifecycle } from '../../src/monitor/lifecycle.js';
import { RunBudget } from '../../src/models/run-budget.js';
import type { Thought } from '../../src/models/step-voice.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';

export interface LoopUnderTest {
  /** LLM_* variables; without them the planner does everything. */
  readonly environment?: ProcessEnvironment;
  /** In the place of the configured model. */
  readonly model?: LanguageModelV3;
}

/** A model loop whose pauses take no time; they are noted, in milliseconds. */
export function modelLoop({ environment = {}, model }: LoopUnderTest = {}): { loop: ModelLoop; pausesMs: number[] } {
  const configuration = loadConfiguration({ NODE_ENV: 'test', ...environment });
  const pausesMs: number[] = [];
  const backOff = new BackOff({
    random: () => 1,
    wait: (ms) => {
      pausesMs.push(ms);
      return Promise.resolve();
    },
  });
  const clock = new Clock();
  const configured = model === undefined ? new ConfiguredModel(configuration) : { model };
  const availability = new ModelAvailability(clock, new Lifecycle(clock));
  const loop = new ModelLoop(configuration, configured, availability, backOff, clock, new Ids(), new Logger('silent'));
  return { loop, pausesMs };
}

export interface Heard {
  readonly outcome: LoopOutcome;
  readonly thoughts: Thought[];
  /** What the user had on the screen in the end. */
  readonly shown: string;
  readonly deltas: string[];
  readonly voids: number;
  readonly notices: DegradedNotice[];
}

/** Runs a conversation and keeps everything that it told. */
export async function converse(
  loop: ModelLoop,
  request: Pick<LoopRequest, 'plan'> & Partial<LoopRequest>,
): Promise<Heard> {
  const thoughts: Thought[] = [];
  const deltas: string[] = [];
  const notices: DegradedNotice[] = [];
  let shown = '';
  let voids = 0;
  const outcome = await loop.run({
    instructions: 'Answer the question.',
    input: { query: 'What did we spend?' },
    tools: [],
    resumed: [],
    signal: new AbortController().signal,
    budget: new RunBudget(1),
    onThinking: (thought) => thoughts.push(thought),
    onText: (delta) => {
      deltas.push(delta);
      shown += delta;
    },
    onTextVoid: () => {
      voids += 1;
      shown = '';
    },
    onDegraded: (notice) => notices.push(notice),
    ...request,
  });
  return { outcome, thoughts, shown, deltas, voids, notices };
}
