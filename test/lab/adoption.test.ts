// A control plane that static pods of another kube-vip announce, on real kubelets: preflight sees their mirrors, says what
// they are and how to hand over; nothing is touched until a person does that, and the address then comes over by itself.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { conditionOf, holderOf, installOperator, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { config } from './leaving.ts';
import { waitFor } from './process.ts';
import { startStaticKubeVip, stopStaticKubeVip } from './static-kube-vip.ts';

const vip = '203.0.113.100';
const version = 'v1.1.2';
// Longer than the operator takes from an apply to the pods of kube-vip.
const watchedMs = 10_000;
const servers = ['n1', 'n2'];

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ nodes: 3, controlPlanes: 2, log: (line) => process.stdout.write(`${line}\n`) });
  await installOperator(lab);
  servers.forEach((node) => startStaticKubeVip(lab, node, version, vip));
  await waitFor(`one node to own ${vip}`, async () => (await lab.owners(vip)).length === 1, { seconds: 90 });
}, 900_000);

afterAll(() => lab?.stop(), 60_000);

const holder = () =>
  lab.kubectl('-n', 'kube-system', 'get', 'lease', 'plndr-cp-lock', '-o', 'jsonpath={.spec.holderIdentity}');
const preflight = () =>
  lab.kubectl('get', 'kvc', 'edge', '-o', 'jsonpath={range .status.preflight[*]}{.message}{"\\n"}{end}');

it('is left with its owner, and is named: the mirror pod of each node, mode, Lease, and how to hand over', async () => {
  const before = await lab.owners(vip);
  expect(before).toEqual([await holder()]);
  await lab.apply(config('edge', version, vip, { preflight: { nodeProbe: 'Off' } }));
  await waitFor(
    'preflight to forbid it',
    async () => (await conditionOf(lab, 'edge', 'PreflightPassed')).startsWith('False'),
    { seconds: 30, everyMs: 100 },
  );
  await sleep(watchedMs);
  const said = await preflight();
  process.stdout.write(`${said}\n`);
  for (const node of servers) {
    expect(said).toContain(
      `Pod/kube-system/kube-vip-${node}: is a kube-vip with ${vip}. ` +
        `It runs in ARP mode, Lease kube-system/plndr-cp-lock on node ${node}. `,
    );
  }
  expect(said).toContain('To hand over, move its manifest out of the folder of static pods');
  const made = ['-n', 'kube-vip-system', 'get', 'daemonsets', '-l', 'kubevip.dev/config', '-o', 'name'];
  expect(await lab.kubectl(...made)).toBe('');
  expect(await lab.owners(vip)).toEqual(before);
}, 120_000);

it('comes over by itself when the manifests are moved away, the one of the holder last', async () => {
  const sampler = await lab.startSampler([vip]);
  const last = await holder();
  const first = servers.filter((node) => node !== last);
  first.forEach((node) => stopStaticKubeVip(lab, node));
  const mirrors = ['-n', 'kube-system', 'get', 'pods', '-o', 'name'];
  await waitFor(
    'the first mirror pods to go',
    async () => {
      const names = await lab.kubectl(...mirrors);
      return first.every((node) => !names.includes(`kube-vip-${node}`));
    },
    { seconds: 60 },
  );
  sampler.mark('the last manifest is moved away');
  stopStaticKubeVip(lab, last);
  await untilReady(lab, 'edge', 120);
  const [report] = (await sampler.stop()).reports;
  process.stdout.write(
    `handed over (operand: ${lab.operand[version]}): two owners ${report?.maxSimultaneousMs.toFixed(0)} ms, none ${report?.maxAbsenceMs.toFixed(0)} ms\n`,
  );
  expect(report?.maxSimultaneousMs).toBe(0);
  expect(await lab.owners(vip)).toEqual([await holderOf(lab, 'edge-control-plane')]);
}, 240_000);
