import type { Cluster } from './cluster.js';
import { findPostmaster } from './postmaster.js';
import { runProgram } from './program.js';

const STOP_TIMEOUT_S = 15;

/**
 * Stops the server of a cluster: sessions are cut, everything is on disk. One that does not stop in time is ended at once, which costs a
 * recovery at the next start, no data. Does nothing if none runs.
 */
export async function shutDown(cluster: Cluster): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    // pg_ctl signals whatever process has the number in the lock file; this look makes sure that it is the server.
    if ((await findPostmaster(cluster.path)) === undefined) return;
    const parameters = ['stop', '-D', cluster.path, '-m', mode, '-w', '-t', String(STOP_TIMEOUT_S), '-s'];
    await runProgram(cluster.binaries.pgCtl, parameters, cluster).catch(() => undefined);
  }
}
