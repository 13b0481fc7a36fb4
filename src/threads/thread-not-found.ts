import { AppError } from '../errors/app-error.js';

/** The one answer for a thread that is unknown, deleted, somebody else's, or whose id is no id: it tells nothing apart. */
export const threadNotFound = (): AppError => new AppError('thread_not_found', 'There is no such thread.');
