import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { StartupError } from '../startup-error.js';
import type { Cluster } from './cluster.js';
import { freePort } from './free-port.js';
import { findPostmaster } from './postmaster.js';
import { programOptions } from './program.js';
import { socketFolderOf, type ServerAddress } from './server-address.js';
import { lastLogLine, openLog } from './server-log.js';
import { serverParameters } from './server-settings.js';
import { openSession } from './session.js';
import { shutDown } from './shut-down.js';

/** A running server and our first session with it. */
export interface Running {
  readonly address: ServerAddress;
  readonly session: Client;
}

/** Recovery after a crash replays at most max_wal_size; a minute is far more than it takes. */
const READY_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;
/** A port taken in the meantime, two servers that start at once: each is over with the next attempt. */
const ATTEMPTS = 5;
/** Some mounted folders hold no sockets, and PostgreSQL does not start without one that it was told to make. */
const ATTEMPTS_WITH_SOCKET = 2;

/**
 * Attaches to the server that already runs on this cluster, ours or one that outlived us, or starts one: at this address, or where there is room.
 * Throws StartupError.
 */
export async function attachOrLaunch(cluster: Cluster, address?: ServerAddress): Promise<Running> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const running = (await attach(cluster)) ?? (await launch(cluster, address ?? (await newAddress(cluster, attempt))));
    if (running !== undefined) return running;
    await pause(POLL_INTERVAL_MS * attempt);
  }
  throw new StartupError(`The embedded PostgreSQL does not start: ${await lastLogLine(cluster)} (${cluster.logPath})`);
}

async function newAddress(cluster: Cluster, attempt: number): Promise<ServerAddress> {
  const socketFolder = attempt <= ATTEMPTS_WITH_SOCKET ? socketFolderOf(cluster) : undefined;
  return { port: await freePort(), socketFolder };
}

/** Waits for a server that is starting or stopping. Undefined: none runs (any more). */
async function attach(cluster: Cluster): Promise<Running | undefined> {
  const deadline = AbortSignal.timeout(READY_TIMEOUT_MS);
  for (;;) {
    const postmaster = await findPostmaster(cluster.path);
    if (postmaster === undefined) return undefined;
    const { address } = postmaster;
    const session = address === undefined ? undefined : await tryToOpen(cluster, address);
    if (session !== undefined && address !== undefined) return { address, session };
    if (deadline.aborted) {
      throw new StartupError(
        `The PostgreSQL of ${cluster.folder} (process ${postmaster.pid}) runs but does not answer. End it and start again.`,
      );
    }
    await pause(POLL_INTERVAL_MS);
  }
}

/** Undefined: it ended by itself before it was ready. */
async function launch(cluster: Cluster, address: ServerAddress): Promise<Running | undefined> {
  const server = await spawnServer(cluster, address);
  const deadline = AbortSignal.timeout(READY_TIMEOUT_MS);
  while (server.exitCode === null && server.signalCode === null && server.pid !== undefined) {
    const session = await tryToOpen(cluster, address);
    if (session !== undefined) return { address, session };
    if (deadline.aborted) {
      await shutDown(cluster);
      throw new StartupError(
        `The embedded PostgreSQL did not become ready in ${READY_TIMEOUT_MS / 1000} s; see ${cluster.logPath}.`,
      );
    }
    await pause(POLL_INTERVAL_MS);
  }
  return undefined;
}

/** In a process group of its own, so that Ctrl-C, or a kill of our group, reaches us only: we stop it when we have drained. */
async function spawnServer(cluster: Cluster, address: ServerAddress): Promise<ChildProcess> {
  const log = await openLog(cluster);
  try {
    const server = spawn(cluster.binaries.postgres, serverParameters(cluster.path, address), {
      ...programOptions(cluster),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    // A program that can't be started has no pid: the caller sees that.
    server.on('error', () => undefined);
    server.unref();
    return server;
  } finally {
    await log.close();
  }
}

/** Undefined: it does not answer yet. */
async function tryToOpen(cluster: Cluster, address: ServerAddress): Promise<Client | undefined> {
  try {
    return await openSession(cluster, address);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    return undefined;
  }
}
