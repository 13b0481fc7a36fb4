import type { UserScope } from '../persistence/sql.js';

/**
 * What a question gets while the agents are not ready ([DG4]): what can be said without them, and without a model, from
 * the user's data alone. The application provides it.
 */
export abstract class LimitedAnswer {
  /** Markdown, never empty, the same for the same data; it says openly that the question itself was not looked at. */
  abstract compose(scope: UserScope): Promise<string>;
}
