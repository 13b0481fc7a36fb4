/** Loaded into a server under test by --import, so that the benchmark can ask it what it uses. Needs --expose-gc and an IPC channel. */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

/** Finalisers and the sockets' own clean-up run between two collections. */
const COLLECTIONS = 3;
const PAUSE_MS = 100;

process.on('message', async (message) => {
  if (message?.snapshot !== undefined) {
    writeHeapSnapshot(message.snapshot);
    process.send({ id: message.id, resources: countOf(process.getActiveResourcesInfo()) });
    return;
  }
  if (message?.collect === true) {
    for (let collection = 0; collection < COLLECTIONS; collection += 1) {
      globalThis.gc();
      await pause(PAUSE_MS);
    }
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send({ id: message.id, rssBytes: rss, heapBytes: heapUsed + external, cpuMs: (user + system) / 1_000 });
});

const countOf = (names) => {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

// A benchmark that was killed leaves no server behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
