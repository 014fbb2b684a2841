// One project per level of test: pure (milliseconds), alerts (Prometheus' promtool, Argo CD's Lua), api (a real etcd and API
// server), lab (real nodes). Only the first runs without root and without the built tools.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': '<rootDir>/test/strip-types.js',
  },
};

// Files that run at once, on a machine that may be busy.
const beside = {
  testEnvironment: '<rootDir>/test/patient-environment.js',
  setupFilesAfterEnv: ['<rootDir>/test/name-lines.ts'],
};

export default {
  testSequencer: '<rootDir>/test/longest-first.js',
  reporters: ['default', '<rootDir>/test/totals-reporter.js'],
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'src/{api,catalog,render,observed,steps,modes,preflight,plan,status,metrics}/**/*.ts',
  ],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
  projects: [
    {
      ...base,
      displayName: 'pure',
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: [
        '/test/api-server/',
        '/test/lab/',
        '/test/bench/',
        'promtool.test.ts',
        'argocd-health.test.ts',
      ],
    },
    {
      ...base,
      displayName: 'alerts',
      testMatch: [
        '<rootDir>/test/monitoring/promtool.test.ts',
        '<rootDir>/test/config/argocd-health.test.ts',
      ],
    },
    {
      ...base,
      displayName: 'api',
      testMatch: ['<rootDir>/test/api-server/**/*.test.ts'],
      ...beside,
      globalSetup: '<rootDir>/test/api-server/set-up.ts',
      globalTeardown: '<rootDir>/test/api-server/tear-down.ts',
    },
    {
      ...base,
      displayName: 'lab',
      testMatch: ['<rootDir>/test/lab/**/*.test.ts'],
      ...beside,
      globalSetup: '<rootDir>/test/lab/set-up.ts',
      globalTeardown: '<rootDir>/test/lab/tear-down.ts',
    },
  ],
};
