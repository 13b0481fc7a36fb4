import type { AppError } from '../../errors/app-error.js';
import { databaseUnavailable } from '../../persistence/database-error.js';

/** For an import whose counts don't say what was written. */
export const rowsLost = (): AppError => databaseUnavailable('lost rows of this import in a crash');
