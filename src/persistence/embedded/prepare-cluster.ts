import { randomBytes } from 'node:crypto';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../telemetry/logger.js';
import { StartupError } from '../startup-error.js';
import { ownerOf, serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { initialiseCluster } from './initialise-cluster.js';
import { makePrivateFolder, placeDatabase, SHARED_FOLDER, type Placement } from './placement.js';
import { shutDown } from './shut-down.js';

/** Finds or makes everything that a server needs before it can start: account, folder, binaries, cluster. Throws StartupError. */
export async function prepareCluster(dataDir: string, logger: Logger): Promise<Cluster> {
  const account = await serverAccount();
  const placement = await placeDatabase(dataDir, account);
  const cluster = await clusterAt(placement, (await ownerOf(placement.folder)) ?? account);
  if (placement.isElsewhere) {
    logger.info('embedded_database_elsewhere', {
      reason: `PostgreSQL refuses to run as root, and the user that it runs as can't enter ${dataDir}`,
      folder: placement.folder,
      binaries: cluster.binaries.postgres,
    });
  }
  if (placement.isNew && (await exists(cluster.path))) await setAside(cluster, placement, { dataDir, logger });
  await initialiseCluster(cluster);
  return cluster;
}

async function clusterAt({ folder, password }: Placement, account: Cluster['account']): Promise<Cluster> {
  await makePrivateFolder(folder, account);
  return {
    folder,
    path: join(folder, 'cluster'),
    logPath: join(folder, 'postgres.log'),
    password,
    account,
    binaries: await findBinaries(account, SHARED_FOLDER),
  };
}

/**
 * A cluster in a new placement belongs to a DATA_DIR that was removed, or whose password was. Inside DATA_DIR that is a mistake to be told;
 * elsewhere nobody may know that it is there: it is kept under another name and we start empty, as after the removal of a DATA_DIR.
 */
async function setAside(
  cluster: Cluster,
  { isElsewhere }: Placement,
  { dataDir, logger }: { dataDir: string; logger: Logger },
): Promise<void> {
  if (!isElsewhere) {
    throw new StartupError(
      `${cluster.folder} holds a database, but its password is gone with ${join(dataDir, 'postgresql.json')}. Restore that file, or move the folder away.`,
    );
  }
  await shutDown(cluster);
  const kept = `${cluster.path}-${randomBytes(4).toString('hex')}`;
  await rename(cluster.path, kept);
  logger.warn('embedded_database_set_aside', { reason: `its DATA_DIR ${dataDir} was removed`, folder: kept });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
