import { cutTextWithMark } from '../context/cut-text.js';
import type { LiveDeltas, StepAnswer } from './step-answer.js';

const MAX_THOUGHT_CHARS = 4_000;
const MAX_VALUE_CHARS = 60;

export interface Thought {
  /** A true sentence: the model's reasoning, its words before tool calls, or what the step does. */
  readonly reasoning: string;
  /** What the step is: the tools it calls, or "answer". */
  readonly step: string;
}

export interface Listener {
  readonly onThinking: (thought: Thought) => void;
  readonly onText: (delta: string) => void;
  /** What onText gave since the last step or void is no part of the answer: forget it. */
  readonly onTextVoid?: (() => void) | undefined;
}

/** Tells the user what one attempt at a step thinks and writes, while it does. */
export class StepVoice implements LiveDeltas {
  private thinking = '';
  private blank = '';
  private isWriting = false;

  constructor(private readonly listener: Listener) {}

  reasoning(delta: string): void {
    this.thinking += delta;
  }

  text(delta: string): void {
    // Models put line breaks before tool calls: blank text is not yet an answer.
    if (!this.isWriting && delta.trim() === '') {
      this.blank += delta;
      return;
    }
    if (!this.isWriting) {
      this.isWriting = true;
      this.say(this.thinking, 'answer');
      this.thinking = '';
    }
    this.listener.onText(this.blank + delta);
    this.blank = '';
  }

  /** The attempt is whole. Text before tool calls was a thought, not the answer. */
  finished({ text, calls }: StepAnswer): void {
    if (calls.length === 0) return;
    this.takeBack();
    const step = calls.map(({ toolName }) => toolName).join(', ');
    const said = [this.thinking, text].filter((words) => words.trim() !== '');
    if (said.length === 0) said.push(`Calling ${calls.map(callText).join(' and ')}.`);
    for (const words of said) this.say(words, step);
  }

  /** The attempt is void. Returns whether the user had seen text of it. */
  takeBack(): boolean {
    const hadText = this.isWriting;
    this.isWriting = false;
    this.blank = '';
    if (hadText) this.listener.onTextVoid?.();
    return hadText;
  }

  private say(reasoning: string, step: string): void {
    const words = reasoning.trim();
    if (words !== '') this.listener.onThinking({ reasoning: cutTextWithMark(words, MAX_THOUGHT_CHARS), step });
  }
}

/** `query_usage with group_by=model, grain=day` */
function callText({ toolName, input }: StepAnswer['calls'][number]): string {
  const parameters = entriesOf(input).map(([name, value]) => `${name}=${valueText(value)}`);
  return parameters.length === 0 ? toolName : `${toolName} with ${parameters.join(', ')}`;
}

const valueText = (value: unknown): string =>
  cutTextWithMark(typeof value === 'string' ? value : JSON.stringify(value), MAX_VALUE_CHARS);

/** A model's input may be no JSON at all; the tool call fails then, and says so. */
function entriesOf(input: string): [string, unknown][] {
  try {
    const decoded: unknown = JSON.parse(input);
    return typeof decoded === 'object' && decoded !== null ? Object.entries(decoded) : [];
  } catch {
    return [];
  }
}
