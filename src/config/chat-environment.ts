import type { ProcessEnvironment } from './load-configuration.js';

/** What `npm run chat` takes from the environment; what is missing, it asks for. */
export interface ChatEnvironment {
  readonly url: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
}

/** Reads GOLDENPATH_URL, GOLDENPATH_EMAIL and GOLDENPATH_PASSWORD; an empty one counts as unset. */
export function readChatEnvironment(environment: ProcessEnvironment = process.env): ChatEnvironment {
  return {
    url: environment.GOLDENPATH_URL || undefined,
    email: environment.GOLDENPATH_EMAIL || undefined,
    password: environment.GOLDENPATH_PASSWORD || undefined,
  };
}
