import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import { AgentPipeline } from '../../agents/agent-pipeline.js';
import type { AgentTask } from '../../agents/agent-task.js';
import type { JsonObject } from '../../context/json.js';
import { formatFact } from '../reports/format-fact.js';
import { plainText } from '../reports/plain-text.js';
import { RunFacts } from '../reports/run-facts.js';
import { SUFFICIENCIES, type Sufficiency } from '../tools/sufficiency.js';
import { dayOfMoment } from '../tools/time-zone.js';
import { EarlierChange } from '../reports/earlier-change.js';
import { Recommendations } from '../reports/recommendations.js';
import { callsThenText, ensureCalls } from './calls-then-text.js';
import { triageFinding } from './findings.js';
import { instructions } from './instructions.js';
import { INTENTS } from './intent-words.table.js';
import type { Beyond } from './beyond.js';
import { severalQuestions } from './several-questions.js';
import { readQuestion } from './follow-up.js';
import { foundChange, type ExplainedChange } from './found-change.js';
import { isLimited, isOfEverything, reuseFor } from './kept-advice.js';
import type { Question } from './question.js';
import { reading } from './question-reading.js';
import { lookAtScope, wholeScope, type LookedAtScope } from './scope-look.js';
import { triagePolicy } from './triage-policy.js';

const INSTRUCTIONS = instructions(
  `Find out what the question asks for. First call data_quality. Then answer with JSON only: {"intent": ${INTENTS.join(' | ')}, ` +
    '"models": [model names in the question], "dimensions": [team, project, feature, user, model or provider, if named], "from": YYYY-MM-DD, "to": YYYY-MM-DD (exclusive), ' +
    '"from_model": model in use that is to be replaced, "to_model": model to move to}. ' +
    'Leave out what the question does not name. The intent is unrelated where something is to be changed, sent or deleted, not answered.',
);

/** Finds out what is asked, and whether the data can answer it. */
@Agent({ name: 'triage', description: 'Reads the question, looks at the data, and decides what is needed to answer.' })
export class TriageAgent implements AgentHandler {
  constructor(
    private readonly pipeline: AgentPipeline,
    private readonly recommendations: Recommendations,
    private readonly earlierChange: EarlierChange,
  ) {}

  opening(task: AgentTask): string {
    const { intent, entities, beyond } = this.read(task);
    const named = [
      ...entities.models,
      ...entities.dimensions,
      ...(entities.from === undefined ? [] : [`from ${entities.from}`]),
    ];
    const about = named.length === 0 ? '' : `, naming ${named.map(plainText).join(', ')}`;
    return `“${plainText(task.query)}” reads as ${meaningOf({ intent, ...(beyond === undefined ? {} : { beyond }) })}${about}. The data decides how far it can be answered.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const read = this.read(task);
    const basis = await this.recommendations.basis(task.context);
    const about = await this.changeBefore(task, read);
    const change = about === undefined ? undefined : foundChange(about);
    const kept = change === undefined ? await this.kept(task, read, basis) : undefined;
    if (kept !== undefined) return this.answeredBy(kept, read);
    const whole = wholeScope(task);
    const policy = triagePolicy(read, whole);
    const outcome = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        earlier: task.history.slice(-4).map(({ role, text }) => ({ role, text: plainText(text) })),
      },
      tools: ['data_quality'],
      plan: callsThenText(policy),
    });
    await ensureCalls(task, [{ tool: 'data_quality', parameters: whole }]);
    const modelRead = reading(outcome.text);
    const question =
      modelRead === undefined || change !== undefined
        ? read
        : { ...readBy(modelRead.intent, read), ...modelRead, entities: { ...read.entities, ...modelRead.entities } };
    const scope = await lookAtScope(task, question, change);
    const explained = change === undefined || about === undefined ? {} : { about: about.parameters };
    return this.conclude(task, { ...question, ...scope, ...explained, basis }, new RunFacts(task.toolResults));
  }

  /** The change that was explained in the answer before, where the question asks what to do about that and limits itself to nothing else. */
  private async changeBefore(task: AgentTask, question: Question): Promise<ExplainedChange | undefined> {
    const today = dayOfMoment(task.context.createdAt, task.context.preferences.timeZone);
    if (question.remedies !== true || isLimited(question.asked ?? task.query, question, today)) return undefined;
    return this.earlierChange.before(task.context);
  }

  /** The run whose recommendations answer the question. */
  private async kept(task: AgentTask, question: Question, basis: string): Promise<string | undefined> {
    const reuse = reuseFor(task, question);
    const runId = reuse === 'none' ? undefined : await this.recommendations.current(task.context, basis);
    if (runId === undefined || reuse === 'any') return runId;
    const found = await this.recommendations.findingsOf(task.context, runId);
    return isOfEverything(triageFinding(found)) ? runId : undefined;
  }

  private answeredBy(runId: string, { intent, topics, entities }: Question): AgentOutcome {
    const found = { intent, topics, entities, recommended_by: runId };
    return {
      result: { ...found, plan: this.pipeline.route(found) },
      response:
        'The recommendations computed earlier in this thread answer it: neither usage nor prices have changed since. Next: report.',
    };
  }

  private read(task: AgentTask): Question {
    const { asked, also } = severalQuestions(task.query);
    const question = readQuestion(
      asked,
      task.history.flatMap(({ role, text }) => (role === 'user' ? [text] : [])),
    );
    return also.length === 0 ? question : { ...question, asked, also };
  }

  private conclude(
    task: AgentTask,
    question: Question & LookedAtScope & { readonly basis: string; readonly about?: JsonObject },
    facts: RunFacts,
  ): AgentOutcome {
    const quality = facts.result('data_quality');
    const shown = (path: string): string => {
      const fact = facts.fact('data_quality', path);
      return fact === undefined ? '' : formatFact(fact, task.context.preferences.currencyDisplay);
    };
    // A look that failed says nothing about the data: the agents go on with what they find.
    const sufficiency: Sufficiency = SUFFICIENCIES.find((one) => one === quality?.['sufficiency']) ?? 'partial';
    const days = facts.fact('data_quality', 'days')?.value;
    const found = {
      ...handedOver(question),
      time_zone: task.context.preferences.timeZone,
      sufficiency,
      days: days === undefined ? null : Number(days),
      rows: shown('rows'),
      spend: shown('spend'),
      missing: quality?.['missing'] ?? [],
      sources: quality?.['sources'] ?? [],
    };
    const plan = this.pipeline.route(found);
    return {
      result: { ...found, plan },
      response: `The question is about ${meaningOf(question)}; the data is ${sufficiency}. Next: ${plan.join(', ')}.`,
    };
  }
}

/** A model may read what the rules don't. */
function readBy(intent: Question['intent'], question: Question): Question {
  if (intent === 'unrelated') return question;
  const rest: { -readonly [Key in keyof Question]: Question[Key] } = { ...question };
  delete rest.beyond;
  return rest;
}

/** What later agents need of it: not how it was read. */
function handedOver(question: Question & LookedAtScope): JsonObject {
  const rest: JsonObject & { continues?: unknown; perhaps?: unknown; remedies?: unknown } = { ...question };
  delete rest.remedies;
  delete rest.continues;
  delete rest.perhaps;
  return rest;
}

const meaningOf = ({ intent, beyond }: Pick<Question, 'intent' | 'beyond'>): string =>
  beyond === undefined ? MEANINGS[intent] : MEANINGS_BEYOND[beyond];

const MEANINGS_BEYOND = {
  other_language: 'a question in another language than English, which is not read without a model',
  action: 'something to do, where questions are answered',
} as const satisfies Record<Beyond, string>;

const MEANINGS = {
  overview: 'a question about costs as a whole',
  total: 'a question about how much was spent',
  breakdown: 'a question about where costs arise',
  comparison: 'a comparison of costs',
  share: 'a question about a share of the costs',
  trend: 'a question about how costs develop over time',
  peak: 'a question about the days that cost most',
  units: 'a question about what a request or a token costs',
  change: 'a question about why costs changed',
  anomaly: 'a question about unusual costs',
  forecast: 'a question about future costs',
  budget: 'a question about a budget',
  savings: 'a question about savings',
  what_if: 'a question about what another model would cost',
  advice: 'a question about what to do',
  reconciliation: 'a question about whether the cost is right',
  data_quality: 'a question about the data itself',
  unrelated: 'something other than the cost of language models',
} as const satisfies Record<Question['intent'], string>;
