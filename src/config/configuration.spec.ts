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
    const external = { DATABASE_URL: 'postgres://db/goldenpath', JWT_KEY_FILE: '/keys/jwt.pem' };
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
