import { GoldenpathError } from '@goldenpath/client';
import { ConfigurationError } from '../config/configuration-error.js';
import { StartupError } from '../persistence/startup-error.js';
import { fitMarkdown } from './fit-markdown.js';
import { RestError } from './rest.js';

const RULE_WIDTH = 80;
/** Longer lines are hard to read, however wide the window is. */
const TEXT_WIDTH_MAX = 100;

/** A line for the person at the terminal. */
export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** A heading between two parts of a command's output. */
export const sayRule = (title: string): void => say(`\n── ${title} ${'─'.repeat(RULE_WIDTH - title.length - 4)}\n`);

/** A text in Markdown: laid out for a person's terminal, as it is for a pipe or a file. */
export const sayText = (markdown: string): void =>
  say(process.stdout.isTTY ? fitMarkdown(markdown, Math.min(process.stdout.columns, TEXT_WIDTH_MAX)) : markdown);

/** What went wrong, a line for each problem; the stack of what nobody expected. */
export function failureText(error: unknown): string {
  if (error instanceof ConfigurationError) return error.problems.join('\n');
  if (error instanceof StartupError || error instanceof RestError || error instanceof GoldenpathError)
    return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error.message === 'fetch failed') return `The server does not answer: ${causeOf(error)}.`;
  if ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) return error.message;
  return error.stack ?? error.message;
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? cause.message : String(cause));
