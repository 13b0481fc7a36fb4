import { z } from 'zod';
import { script } from '../support/scripted-agent.js';

/** A run that reads and writes, streams text and ends; every tenth visit asks for the whole analysis. */
const SCRIPT = script(
  { think: 'a thought' },
  { text: 'some text' },
  { delegate: [{ think: 'deeper' }] },
  { answer: 'done' },
);
const ANALYSIS_EVERY = 10;

/** What the visitor of this number asks. */
export const messageOf = (visit: number) => ({
  type: 'user_message',
  ...(visit % ANALYSIS_EVERY === 0 ? { text: 'Analyze my AI costs' } : { text: SCRIPT, agent: 'scripted' }),
});

/** What is needed of the answer to it. */
export const accepted = z.object({ run_id: z.string(), thread_id: z.string() });
