// Dates in tests are read in UTC wherever they run; set here because a worker's environment is too late for Date.
process.env.TZ = 'UTC';

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  transform,
  testEnvironment: 'node',
  // The libraries are read from their source, so that a test never runs against a stale build.
  testEnvironmentOptions: { customExportConditions: ['goldenpath-source', 'node', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/test/support/environment.ts'],
  ...extra,
});

const withDatabase = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

export default {
  // Most tests wait for servers and databases more than they compute: two at a time, also on two cores.
  maxWorkers: 2,
  // Modules of finished suites stay in a worker's memory; past a hundred of them it would do little else than collect garbage.
  workerIdleMemoryLimit: '1GB',
  projects: [
    project('unit', [
      '<rootDir>/src/**/*.spec.ts',
      '<rootDir>/libs/*/src/**/*.spec.ts',
      '<rootDir>/test/chaos/**/*.spec.ts',
      '<rootDir>/test/fuzz/**/*.spec.ts',
      '<rootDir>/test/load/**/*.spec.ts',
      '<rootDir>/test/eval/**/*.spec.ts',
    ]),
    project('integration', ['<rootDir>/test/integration/**/*.spec.ts'], withDatabase),
    project('e2e', ['<rootDir>/test/e2e/**/*.spec.ts', '<rootDir>/test/conformance/**/*.spec.ts'], withDatabase),
  ],
  testTimeout: 30_000,
};
