/** A server's hold on an embedded database, in a process that a test can kill: writes `{url}` or `{error}`, stops when its input ends. */
import { once } from 'node:events';
import { EmbeddedServer } from '../../src/persistence/embedded/embedded-server.js';
import { Logger } from '../../src/telemetry/logger.js';

const server = new EmbeddedServer(process.argv[2] ?? '', new Logger('silent'));
try {
  const url = await server.start();
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })}\n`,
  );
} finally {
  await server.stop();
}
