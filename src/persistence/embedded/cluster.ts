import type { Account } from './account.js';
import type { Binaries } from './binaries.js';

/** A database cluster of the embedded PostgreSQL: where it lies, whose it is and what runs it. */
export interface Cluster {
  /** The folder that holds the cluster and its log; programs run from it. */
  readonly folder: string;
  /** PostgreSQL's data folder. */
  readonly path: string;
  readonly logPath: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}
