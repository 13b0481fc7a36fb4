import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration-error.js';
import { loadConfiguration, type ProcessEnvironment } from './load-configuration.js';

const problemsOf = (environment: ProcessEnvironment): readonly string[] => {
  try {
    loadConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
};

describe('loadConfiguration', () => {
  it('takes the defaults of the environment that NODE_ENV names', () => {
    expect(loadConfiguration({ NODE_ENV: 'development' }).socket.pingIntervalMs).toBe(30_000);
    expect(loadConfiguration({ NODE_ENV: 'test' }).socket.pingIntervalMs).toBe(15_000);
    expect(loadConfiguration({ NODE_ENV: 'development' }).registration).toBe('open');
    const production = loadConfiguration({ NODE_ENV: 'production' });
    expect(production.registration).toBe('invite');
    expect(production.limits.exemptLoopback).toBe(false);
  });

  it('lets a variable of the process win, and counts an empty one as unset', () => {
    expect(loadConfiguration({ PORT: '4000' }).port).toBe(4000);
    expect(loadConfiguration({ PORT: '' }).port).toBe(3000);
  });

  it('listens on loopback with the embedded database and everywhere with another', () => {
    expect(loadConfiguration({}).host).toBe('127.0.0.1');
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const external = { DATABASE_URL: 'postgres://db/goldenpath', JWT_PRIVATE_KEY: key };
    expect(loadConfiguration(external).host).toBe('0.0.0.0');
    expect(loadConfiguration({ ...external, HOST: '10.0.0.1' }).host).toBe('10.0.0.1');
  });

  it('names every problem at once, one line each', () => {
    const problems = problemsOf({ PORT: '70000', ROLE: 'boss', MESSAGES_PER_MINUTE: '0', DATABASE_URL: 'mysql://x' });
    expect(problems).toEqual([
      'PORT: must be at most 65535',
      'DATABASE_URL: must be a URL that starts with postgres:// or postgresql://',
      'ROLE: must be one of all, api, worker',
      'MESSAGES_PER_MINUTE: must be at least 1',
      'JWT_PRIVATE_KEY: is required (or JWT_KEY_FILE) with DATABASE_URL, so that all replicas sign with one key',
    ]);
  });

  it('refuses what is not an integer, an unknown environment and half an admin', () => {
    expect(problemsOf({ PORT: '3e3' })).toEqual(['PORT: must be an integer']);
    expect(problemsOf({ NODE_ENV: 'prod' })).toEqual([
      'NODE_ENV: must be one of development, test, staging, production',
    ]);
    expect(problemsOf({ ADMIN_EMAIL: 'admin@example.com' })).toEqual([
      'ADMIN_EMAIL, ADMIN_PASSWORD: set both or neither',
    ]);
  });

  it('names a wrong environment and a wrong key together with the rest, and draws nothing from a wrong provider', () => {
    expect(problemsOf({ NODE_ENV: 'prod', PORT: 'x', JWT_PRIVATE_KEY: 'junk', LLM_PROVIDER: 'foo' })).toEqual([
      'NODE_ENV: must be one of development, test, staging, production',
      'PORT: must be an integer',
      'LLM_PROVIDER: must be one of none, openai, anthropic, openai-compatible',
      'JWT_PRIVATE_KEY: must be an Ed25519 or P-256 private key, as PEM or JWK',
    ]);
    expect(problemsOf({ JWT_KEY_FILE: '/nowhere/jwt.pem' })).toEqual(["JWT_KEY_FILE: can't be read (ENOENT)"]);
  });

  it('checks addresses, and the variables that nothing uses yet', () => {
    const wrong = {
      HOST: '999.1.1.1',
      DATABASE_URL: 'postgres:///goldenpath',
      JWT_KEY_FILE: '/nowhere/jwt.pem',
      TRUSTED_ISSUERS: 'https://a.example.com,b',
      ALERT_WEBHOOK_URL: 'x',
      METRICS_PORT: 'x',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'x',
      OIDC_ACME_ISSUER: 'x',
    };
    expect(problemsOf(wrong).map((problem) => problem.split(':')[0])).toEqual([
      'HOST',
      'DATABASE_URL',
      'TRUSTED_ISSUERS',
      'ALERT_WEBHOOK_URL',
      'METRICS_PORT',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OIDC_ACME_ISSUER',
      'JWT_KEY_FILE',
    ]);
    for (const HOST of ['::1', '0.0.0.0', 'localhost', 'db-1.example.com']) expect(problemsOf({ HOST })).toEqual([]);
    expect(problemsOf({ HOST: 'not a host' })).toHaveLength(1);
  });

  it('reads proxies as networks or as hops', () => {
    const read = (value: string) => loadConfiguration({ TRUSTED_PROXIES: value }).trustedProxies;
    expect(read('')).toEqual({ hops: 0 });
    expect(read('2')).toEqual({ hops: 2 });
    expect(read('10.0.0.0/8, ::1')).toEqual({
      networks: [
        { address: '10.0.0.0', family: 'ipv4', prefixBits: 8 },
        { address: '::1', family: 'ipv6', prefixBits: 128 },
      ],
    });
    for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.1/8/8', '10.0.0.1,', '-1', '::/129'])
      expect(problemsOf({ TRUSTED_PROXIES: wrong })).toEqual([
        'TRUSTED_PROXIES: must be addresses and networks such as 10.0.0.0/8, or a number of hops',
      ]);
  });

  it('asks for what a model provider needs', () => {
    expect(problemsOf({ LLM_PROVIDER: 'openai-compatible' })).toEqual([
      'LLM_MODEL: is required with LLM_PROVIDER=openai-compatible',
      'LLM_BASE_URL: is required with LLM_PROVIDER=openai-compatible',
    ]);
  });

  it('never puts a value into a problem: it may be a secret', () => {
    expect(problemsOf({ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'hunter2' }).join()).not.toContain('hunter2');
  });
});
