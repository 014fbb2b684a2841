// Run in the network of a lab's switch: prints when an address answers for the first time. Called by first-address.ts with
// address and port. Each attempt asks the network anew, as a host does that has never asked: after an attempt in vain the
// kernel would wait up to a second before it asks again.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { dial } from '../../src/cluster/dial.ts';

const [address = '', port = ''] = process.argv.slice(2);
const patienceMs = 100;
const pauseMs = 20;

const forget = (): unknown => execFileSync('ip', ['neigh', 'flush', 'to', address]);

for (forget(); (await dial({ address, port: Number(port) }, patienceMs)) !== 'answers'; forget()) {
  await sleep(pauseMs);
}
process.stdout.write(`${Date.now()}\n`);
