import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerCommand } from '../load/server-process.js';
import { ServerProcess } from './server-process.js';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Nothing here may stand between an attacker on one address and what is behind the limits. */
const WITHOUT_LIMITS = {
  MESSAGES_PER_MINUTE: '1000000',
  CONNECTIONS_PER_USER: '1000000',
  HANDSHAKES_PER_MINUTE_PER_ADDRESS: '1000000',
  AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS: '1000000',
  ACCESS_TOKEN_TTL_S: '86400',
};

export interface MeasuredServerOptions {
  readonly databaseUrl: string;
  /** Gets the server's log. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What Node runs, seen from this folder. */
  readonly entry?: string;
  readonly nodeFlags?: readonly string[];
}

/** The server from its source, in a process that tells what it uses (ServerProcess of test/load), its rate limits out of the way. */
export function measuredServer(options: MeasuredServerOptions): ServerCommand {
  const { databaseUrl, folder, environment = {}, entry = '../../src/main.ts', nodeFlags = [] } = options;
  const flags = ['--conditions=goldenpath-source', '--no-warnings', '--import', pathOf('typescript.mjs'), ...nodeFlags];
  return {
    parameters: [...flags, pathOf(entry)],
    environment: { ...ServerProcess.environment(databaseUrl), ...WITHOUT_LIMITS, ...environment },
    logPath: join(folder, 'server.log'),
  };
}
