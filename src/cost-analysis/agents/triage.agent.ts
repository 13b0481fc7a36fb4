import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import { AgentPipeline } from '../../agents/agent-pipeline.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { formatFact } from '../reports/format-fact.js';
import { plainText } from '../reports/plain-text.js';
import { RunFacts } from '../reports/run-facts.js';
import { SUFFICIENCIES, type Sufficiency } from '../tools/sufficiency.js';
import { callsThenText, ensureCalls } from './calls-then-text.js';
import { instructions } from './instructions.js';
import { readQuestion, type Question } from './question.js';
import { reading } from './question-reading.js';
import { lookAtScope, type LookedAtScope } from './scope-look.js';
import { triagePolicy } from './triage-policy.js';

const INSTRUCTIONS = instructions(
  'Find out what the question asks for. First call data_quality. Then answer with JSON only: {"intent": overview | total | breakdown | comparison | trend | change | anomaly | forecast | budget | ' +
    'savings | what_if | data_quality | unrelated, "models": [model names in the question], "dimensions": [team, project, feature, user, model or provider, if named], "from": YYYY-MM-DD, "to": YYYY-MM-DD (exclusive), ' +
    '"from_model": model in use that is to be replaced, "to_model": model to move to}. ' +
    'Leave out what the question does not name.',
);

/** Finds out what is asked, and whether the data can answer it. */
@Agent({ name: 'triage', description: 'Reads the question, looks at the data, and decides what is needed to answer.' })
export class TriageAgent implements AgentHandler {
  constructor(private readonly pipeline: AgentPipeline) {}

  opening(task: AgentTask): string {
    const { intent, entities } = this.read(task);
    const named = [
      ...entities.models,
      ...entities.dimensions,
      ...(entities.from === undefined ? [] : [`from ${entities.from}`]),
    ];
    const about = named.length === 0 ? '' : `, naming ${named.map(plainText).join(', ')}`;
    return `“${plainText(task.query)}” reads as ${MEANINGS[intent]}${about}. The data decides how far it can be answered.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const read = this.read(task);
    const policy = triagePolicy(read);
    const outcome = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        earlier: task.history.slice(-4).map(({ role, text }) => ({ role, text: plainText(text) })),
      },
      tools: ['data_quality'],
      plan: callsThenText(policy),
    });
    await ensureCalls(task, [{ tool: 'data_quality', parameters: {} }]);
    const modelRead = reading(outcome.text);
    const question =
      modelRead === undefined ? read : { ...read, ...modelRead, entities: { ...read.entities, ...modelRead.entities } };
    const scope = await lookAtScope(task, question);
    return this.conclude(question, scope, new RunFacts(task.toolResults));
  }

  private read(task: AgentTask): Question {
    return readQuestion(
      task.query,
      task.history.flatMap(({ role, text }) => (role === 'user' ? [text] : [])),
    );
  }

  private conclude(question: Question, scope: LookedAtScope, facts: RunFacts): AgentOutcome {
    const quality = facts.result('data_quality');
    const shown = (path: string): string => {
      const fact = facts.fact('data_quality', path);
      return fact === undefined ? '' : formatFact(fact);
    };
    // A look that failed says nothing about the data: the agents go on with what they find.
    const sufficiency: Sufficiency = SUFFICIENCIES.find((one) => one === quality?.['sufficiency']) ?? 'partial';
    const days = facts.fact('data_quality', 'days')?.value;
    const found = {
      intent: question.intent,
      topics: question.topics,
      ...scope,
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
      response: `The question is about ${MEANINGS[question.intent]}; the data is ${sufficiency}. Next: ${plan.join(', ')}.`,
    };
  }
}

const MEANINGS = {
  overview: 'a question about costs as a whole',
  total: 'a question about how much was spent',
  breakdown: 'a question about where costs arise',
  comparison: 'a comparison of costs',
  trend: 'a question about how costs develop over time',
  change: 'a question about why costs changed',
  anomaly: 'a question about unusual costs',
  forecast: 'a question about future costs',
  budget: 'a question about a budget',
  savings: 'a question about savings',
  what_if: 'a question about what another model would cost',
  data_quality: 'a question about the data itself',
  unrelated: 'something other than the cost of language models',
} as const satisfies Record<Question['intent'], string>;
