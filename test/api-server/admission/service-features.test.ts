// No Service of our class has externalTrafficPolicy Local: one node holds every address of a class.
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { annotates, changes, makes, ofClass, servicesPath } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-features.kubevip.dev';
const ours = ofClass('kubevip.dev/edge');
const foreign = ofClass('example.org/other');
const local = { externalTrafficPolicy: 'Local' };

const dropped = (name: string) =>
  `Service default/${name}: spec.externalTrafficPolicy: expected Cluster, found Local, with which the one node that holds all addresses of class kubevip.dev/edge drops what it has no endpoint for; set it to Cluster`;

const rows: readonly Row[] = [
  ['nothing of the kind', makes('web'), 'allowed'],
  ['policy Cluster', makes('web', { spec: { ...ours, externalTrafficPolicy: 'Cluster' } }), 'allowed'],
  ['policy Local', makes('web', { spec: { ...ours, ...local } }), dropped('web')],
  ['policy Local for another class', makes('web', { spec: { ...foreign, ...local } }), 'allowed'],
  ['policy Local later', changes('plain', { spec: local }), dropped('plain')],
  ['policy Local while it was of no class', changes('port', { spec: ours }), dropped('port')],
  ['what kube-vip writes', annotates('plain', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
];

const probe = makes('probe', { spec: { ...ours, ...local } });
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const configs = {
    edge: specWith({ services: {} }),
    api: specWith({ controlPlane: { addresses: ['203.0.113.101'] } }),
  };
  for (const [name, spec] of Object.entries(configs)) {
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
  await fence.must(makes('plain'));
  await fence.must(makes('port', { spec: { type: 'NodePort', ...local } }));
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a Service that asks for', () => {
  judges(() => fence, rows);
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
  });

  describe('a Service that was there before', () => {
    beforeAll(async () => {
      await fence.must(makes('old', { spec: { ...ours, ...local } }));
      await fence.close(policy, probe);
    });

    judges(
      () => fence,
      [
        ['can be labelled', changes('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
        ['can get other ports', changes('old', { spec: { ports: [{ port: 81 }] } }), 'allowed'],
        ['can be marked by kube-vip', annotates('old', { 'kube-vip.io/vipHost': 'n1' }), 'allowed'],
        [
          'can go to policy Cluster',
          changes('old', { spec: { externalTrafficPolicy: 'Cluster' } }),
          'allowed',
        ],
        ['can be deleted', { method: 'DELETE', path: `${servicesPath}/old` }, 'allowed'],
      ],
    );
  });
});
