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
  projects: [
    {
      ...base,
      displayName: 'pure',
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: ['/test/api-server/', '/test/lab/', '/test/bench/'],
      coverageProvider: 'v8',
    },
    { ...base, displayName: 'api', roots: ['<rootDir>/test/api-server'] },
    { ...base, displayName: 'lab', roots: ['<rootDir>/test/lab'] },
  ],
};
