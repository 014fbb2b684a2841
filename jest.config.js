// Three projects, one per level of test: pure (milliseconds), api (a real etcd and API server),
// lab (real nodes). Only the first runs without root and without the built tools.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
};

export default {
  reporters: ['default', '<rootDir>/test/totals-reporter.js'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/{api,catalog,render,plan,status}/**/*.ts'],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
  projects: [
    {
      ...base,
      displayName: 'pure',
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: ['/test/api-server/', '/test/lab/', '/test/bench/'],
    },
    { ...base, displayName: 'api', testMatch: ['<rootDir>/test/api-server/**/*.test.ts'] },
    { ...base, displayName: 'lab', testMatch: ['<rootDir>/test/lab/**/*.test.ts'] },
  ],
};
