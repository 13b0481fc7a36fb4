import { script, type Step } from '../support/scripted-agent.js';
import type { Random } from './random.js';

/** What a user asks for: a script of thoughts, calls, conversations and agents inside agents, of about one to six seconds. */
export function randomScript(random: Random): string {
  const labels = { next: 1 };
  return script(...Array.from({ length: random.between(2, 6) }, () => randomStep(random, labels, 0)));
}

/** Calls that must not be repeated and that have their effect long before their end. */
export function doubtfulScript(): string {
  return script(
    ...Array.from({ length: 2 }, (_, index): Step => ({
      tool: 'do_once',
      parameters: { label: `call ${index + 1}`, afterMs: 3_000 },
    })),
  );
}

interface Labels {
  next: number;
}

const TOOLS = ['do_once', 'do_again'];
const DEPTH_MAX = 2;

function randomStep(random: Random, labels: Labels, depth: number): Step {
  const kind = random.between(0, 9);
  if (kind === 0)
    return { think: `thought ${random.between(1, 1_000_000)} of ${'many '.repeat(random.between(1, 8))}` };
  if (kind === 1) return { text: 'word '.repeat(random.between(1, 40)) };
  if (kind === 2) return { converse: Array.from({ length: random.between(1, 3) }, () => randomCall(random, labels)) };
  if (kind === 3) return { together: Array.from({ length: random.between(2, 3) }, () => randomCall(random, labels)) };
  if (kind <= 5 && depth < DEPTH_MAX) {
    return { delegate: Array.from({ length: random.between(1, 3) }, () => randomStep(random, labels, depth + 1)) };
  }
  return randomCall(random, labels);
}

function randomCall(random: Random, labels: Labels) {
  return {
    tool: random.pick(TOOLS),
    parameters: {
      label: `call ${labels.next++}`,
      beforeMs: random.between(0, 300),
      afterMs: random.between(0, 500),
      letters: random.chance(0.3) ? random.between(1_000, 4_000) : 10,
    },
  };
}
