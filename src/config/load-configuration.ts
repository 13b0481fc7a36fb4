import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { Configuration, ENVIRONMENT_NAMES, type EnvironmentName } from './configuration.js';
import { VARIABLES, type Environment } from './variables.js';

/** Variables as the process has them. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** The folder of package.json: two levels above this file both as source and as build. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Reads the settings: the process's variables over the defaults of config/<NODE_ENV>.env; a command may have defaults of its own between them.
 * An empty variable counts as unset. Throws ConfigurationError with all problems at once.
 */
export function loadConfiguration(
  processEnvironment: ProcessEnvironment = process.env,
  commandDefaults: ProcessEnvironment = {},
): Configuration {
  const environment = environmentName(processEnvironment.NODE_ENV);
  const defaults = parseEnv(readFileSync(resolve(ROOT, 'config', `${environment}.env`), 'utf8'));
  const values = parse({ ...defaults, ...present(commandDefaults), ...present(processEnvironment) });
  return new Configuration({
    environment,
    values,
    dataDir: resolve(values.DATA_DIR),
    version: packageVersion(),
  });
}

function environmentName(name: string | undefined): EnvironmentName {
  if (name === undefined || name === '') return 'development';
  const known = ENVIRONMENT_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new ConfigurationError([`NODE_ENV: must be one of ${ENVIRONMENT_NAMES.join(', ')}`]);
  return known;
}

function parse(raw: ProcessEnvironment): Environment {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(VARIABLES)) {
    const result = schema.safeParse(raw[name]);
    if (result.success) values[name] = result.data;
    else
      problems.push(
        `${name}: ${raw[name] === undefined ? 'is required' : (result.error.issues[0]?.message ?? 'is invalid')}`,
      );
  }
  problems.push(...contradictions(raw));
  if (problems.length > 0) throw new ConfigurationError(problems);
  // Every name of VARIABLES has been parsed by its own schema just above.
  return values as Environment;
}

/** Rules over more than one variable. */
function contradictions(raw: ProcessEnvironment): string[] {
  const problems: string[] = [];
  const provider = raw.LLM_PROVIDER;
  if (provider !== undefined && provider !== 'none') {
    if (raw.LLM_MODEL === undefined) problems.push(`LLM_MODEL: is required with LLM_PROVIDER=${provider}`);
    if (provider === 'openai-compatible' && raw.LLM_BASE_URL === undefined)
      problems.push('LLM_BASE_URL: is required with LLM_PROVIDER=openai-compatible');
    if (provider !== 'openai-compatible' && raw.LLM_API_KEY === undefined)
      problems.push(`LLM_API_KEY: is required with LLM_PROVIDER=${provider}`);
  }
  if ((raw.ADMIN_EMAIL === undefined) !== (raw.ADMIN_PASSWORD === undefined))
    problems.push('ADMIN_EMAIL, ADMIN_PASSWORD: set both or neither');
  if (raw.DATABASE_URL !== undefined && raw.JWT_PRIVATE_KEY === undefined && raw.JWT_KEY_FILE === undefined) {
    problems.push(
      'JWT_PRIVATE_KEY: is required (or JWT_KEY_FILE) with DATABASE_URL, so that all replicas sign with one key',
    );
  }
  if (raw.JWT_PRIVATE_KEY !== undefined && raw.JWT_KEY_FILE !== undefined)
    problems.push('JWT_PRIVATE_KEY, JWT_KEY_FILE: set only one');
  return problems;
}

const present = (environment: ProcessEnvironment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
    ),
  );

const packageVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'))).version;
