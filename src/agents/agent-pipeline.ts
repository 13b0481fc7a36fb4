import type { JsonObject } from '../context/json.js';

/** The order in which the supervisor asks agents. The application provides it. */
export abstract class AgentPipeline {
  abstract readonly version: string;
  /** The agent that is asked first: finds out what the question needs. */
  abstract readonly triage: string;
  /** Which agents to run, in order, for what triage found. The last one writes the answer. */
  abstract route(triageResult: JsonObject): readonly string[];
}
