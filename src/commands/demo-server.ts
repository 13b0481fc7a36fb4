import { createServer } from 'node:net';
import type { Configuration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { StartupError } from '../persistence/startup-error.js';

/** What people want to see is the demo, not the server's log; and its user has to be able to register. */
const DEMO_DEFAULTS = { LOG_LEVEL: 'error', AUTH_REGISTRATION: 'open' };

/** The settings of the demo's server. Its port gives way to any free one where it is taken, unless PORT asks for it. Throws StartupError, ConfigurationError. */
export async function demoConfiguration(): Promise<Configuration> {
  const preferred = loadConfiguration(undefined, DEMO_DEFAULTS);
  if (await isFree(preferred)) return preferred;
  const anyPort = loadConfiguration(undefined, { ...DEMO_DEFAULTS, PORT: '0' });
  if (anyPort.port === 0) return anyPort;
  throw new StartupError(`Port ${anyPort.port} is taken. Set PORT to another one.`);
}

/** Tried rather than asked: whoever takes the port in between gets the usual error. */
function isFree({ port, host }: Configuration): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
