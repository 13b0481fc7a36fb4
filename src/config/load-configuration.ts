import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { Configuration, ENVIRONMENT_NAMES, type EnvironmentName } from './configuration.js';
import { algorithmOf, parsePrivateKey } from './private-key.js';
import { issuerProblems, VARIABLES, type Environment } from './variables.js';

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
  const named = environmentName(processEnvironment.NODE_ENV);
  const environment = named ?? 'development';
  const defaults = parseEnv(readFileSync(resolve(ROOT, 'config', `${environment}.env`), 'utf8'));
  const raw = { ...defaults, ...present(commandDefaults), ...present(processEnvironment) };
  const values = parse(raw, named === undefined ? [`NODE_ENV: must be one of ${ENVIRONMENT_NAMES.join(', ')}`] : []);
  return new Configuration({
    environment,
    values,
    dataDir: resolve(values.DATA_DIR),
    version: packageVersion(),
  });
}

/** Undefined: there is no such environment. */
const environmentName = (name: string | undefined): EnvironmentName | undefined =>
  name === undefined || name === '' ? 'development' : ENVIRONMENT_NAMES.find((candidate) => candidate === name);

function parse(raw: ProcessEnvironment, earlierProblems: readonly string[]): Environment {
  const problems = [...earlierProblems];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(VARIABLES)) {
    const result = schema.safeParse(raw[name]);
    if (result.success) values[name] = result.data;
    else
      problems.push(
        `${name}: ${raw[name] === undefined ? 'is required' : (result.error.issues[0]?.message ?? 'is invalid')}`,
      );
  }
  problems.push(...issuerProblems(raw), ...contradictions(raw), ...keyProblems(raw));
  if (problems.length > 0) throw new ConfigurationError(problems);
  // Every name of VARIABLES has been parsed by its own schema just above.
  return values as Environment;
}

/** Rules over more than one variable. */
function contradictions(raw: ProcessEnvironment): string[] {
  const problems: string[] = [];
  const provider = VARIABLES.LLM_PROVIDER.schema.safeParse(raw.LLM_PROVIDER).data;
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

/** The key is needed at start anyway; here, what is wrong with it is told together with the rest. */
function keyProblems({ JWT_PRIVATE_KEY: text, JWT_KEY_FILE: file }: ProcessEnvironment): string[] {
  if (text !== undefined) return isSigningKey(text) ? [] : [`JWT_PRIVATE_KEY: ${NO_SIGNING_KEY}`];
  if (file === undefined) return [];
  try {
    return isSigningKey(readFileSync(file, 'utf8')) ? [] : [`JWT_KEY_FILE: ${NO_SIGNING_KEY}`];
  } catch (error) {
    return [
      `JWT_KEY_FILE: can't be read (${typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'})`,
    ];
  }
}

const NO_SIGNING_KEY = 'must be an Ed25519 or P-256 private key, as PEM or JWK';

function isSigningKey(text: string): boolean {
  const key = parsePrivateKey(text);
  return key !== undefined && algorithmOf(key) !== undefined;
}

const present = (environment: ProcessEnvironment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
    ),
  );

const packageVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'))).version;
