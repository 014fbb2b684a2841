// One file per program: client-node's thousand modules, loaded one by one, cost 25 MiB and half the start-up
// time, and the probe of a node needs none of them. Names stay readable, because they end up in error messages.
import { build } from 'esbuild';

// Parts of prom-client that are never called, and cost 6 MiB: a cluster of processes, pushing, its own metrics
// of the process, and tracing.
const unused = {
  name: 'unused',
  setup({ onLoad }) {
    const filter = /prom-client\/lib\/(cluster|pushgateway|defaultMetrics)\.js$|@opentelemetry\/api\//;
    onLoad({ filter }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

await build({
  entryPoints: { main: 'src/main.ts', probe: 'src/probe/main.ts', check: 'src/check/main.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  // The paths of modules are in the programs, and must not be those of the machine where node_modules is a link.
  preserveSymlinks: true,
  plugins: [unused],
  // CommonJS dependencies call require, which an ES module does not have.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
