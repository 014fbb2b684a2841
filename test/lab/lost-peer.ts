// Run in a network of its own: a watch of an API server whose machine loses its power. Prints after how many milliseconds the
// watch has ended, and how. Called by keep-alive.test.ts with the folder of the server's certificate.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { explain } from '../../src/cluster/errors.ts';
import { lineWatch } from '../../src/cluster/line-watch.ts';

const [dir = '', ...flags] = process.argv.slice(2);
const address = '203.0.113.1';
const run = (line: string): unknown => execFileSync('sh', ['-ec', line], { stdio: 'inherit' });

run(`ip link set lo up && ip address add ${address}/32 dev lo`);
const file = (name: string): Buffer => readFileSync(join(dir, name));
const server = createServer({ key: file('apiserver.key'), cert: file('apiserver.crt') }, (_, response) => {
  response.writeHead(200);
  response.flushHeaders();
});
await new Promise<void>((resolve) => server.listen(0, address, resolve));
const { port } = server.address() as AddressInfo;

const kubeConfig = new KubeConfig();
kubeConfig.loadFromClusterAndUser(
  {
    name: 'lab',
    server: `https://${address}:${port}`,
    caData: file('ca.crt').toString('base64'),
    skipTLSVerify: true,
  },
  { name: 'anybody', token: 'none' },
);
const ended = Promise.withResolvers<unknown>();
const watch = flags.includes('as-client-node-does')
  ? Object.assign(new Watch(kubeConfig), { requestTimeoutMs: 12_000 })
  : lineWatch(kubeConfig, { silenceMs: 12_000, gapMs: 0 });
await watch.watch('/api/v1/nodes', {}, () => undefined, ended.resolve);

// Neither side hears the other any more, and nothing is said of it.
run(
  `nft 'add table inet power; add chain inet power off { type filter hook input priority 0; }; ` +
    `add rule inet power off tcp sport ${port} drop; add rule inet power off tcp dport ${port} drop'`,
);
const lost = performance.now();
const { cause } = explain(await ended.promise);
process.stdout.write(`${JSON.stringify({ afterMs: Math.round(performance.now() - lost), cause })}\n`);
process.exit(0);
