import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { RecordedRun } from './recorded-run.js';
import type { ServerCommand } from './server-process.js';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Production settings; only what keeps one address from sending so much is raised. */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  LLM_PROVIDER: 'none',
  AUTH_REGISTRATION: 'open',
  ACCESS_TOKEN_TTL_S: '86400',
  MESSAGES_PER_MINUTE: '1000000',
  CONNECTIONS_PER_USER: '1000000',
  HANDSHAKES_PER_MINUTE_PER_ADDRESS: '1000000',
  AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS: '1000000',
};

/** Node's flags of `npm start`. */
function startFlags(): string[] {
  const text = readFileSync(pathOf('../../package.json'), 'utf8');
  const { scripts } = z.object({ scripts: z.object({ start: z.string() }) }).parse(JSON.parse(text));
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** The compiled server, on the embedded PostgreSQL in `folder` or on the given one. Started again, it knows the tokens it gave. */
export function goldenpathServer(folder: string, databaseUrl: string | undefined): ServerCommand {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    parameters: [...startFlags(), pathOf('../../dist/main.js')],
    environment: {
      ...ENVIRONMENT,
      DATA_DIR: join(folder, 'data'),
      JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    logPath: join(folder, 'goldenpath.log'),
  };
}

/** The bare server that sends this run again and again. */
export async function bareServer(folder: string, recorded: RecordedRun): Promise<ServerCommand> {
  const file = join(folder, 'recorded-run.json');
  await writeFile(file, JSON.stringify(recorded));
  return {
    parameters: ['--no-warnings', '--import', pathOf('../support/typescript.mjs'), pathOf('bare-server.ts'), file],
    environment: {},
    logPath: join(folder, 'bare.log'),
  };
}
