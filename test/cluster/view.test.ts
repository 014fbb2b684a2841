import { describe, expect, it } from '@jest/globals';
import { leaseView, makeStores, makeView } from '../../src/cluster/view.ts';
import { daemonSet, kubeVipConfig, pod } from '../builders.ts';

const metadata = { name: 'edge-services' };

describe('leaseView', () => {
  it.each([
    [
      'reads what kube-vip wrote',
      {
        holderIdentity: 'n1',
        leaseDurationSeconds: 30,
        acquireTime: '2026-11-24T11:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.500000Z',
      },
      {
        holder: 'n1',
        durationSeconds: 30,
        acquireTime: '2026-11-24T11:00:00.000000Z',
        renewTime: '2026-11-24T12:00:00.500000Z',
        renewedAt: Date.parse('2026-11-24T12:00:00.500Z'),
      },
    ],
    [
      'reads a Lease that was given back',
      { holderIdentity: '', leaseDurationSeconds: 1 },
      { holder: '', durationSeconds: 1 },
    ],
    ['takes a Lease without spec for one that nobody ever held', undefined, {}],
  ])('%s', (_, spec, expected) => {
    expect(leaseView({ metadata, ...(spec && { spec }) })).toEqual({
      name: 'edge-services',
      holder: '',
      durationSeconds: 15,
      renewTime: '',
      renewedAt: 0,
      acquireTime: undefined,
      ...expected,
    });
  });
});

describe('makeView', () => {
  const stores = makeStores();
  const view = makeView(stores);
  const other = kubeVipConfig({ name: 'other' });
  stores.configs.put(kubeVipConfig());
  stores.configs.put(other);
  stores.daemonSets.put(daemonSet());
  stores.pods.put(pod());
  stores.pods.put(pod({ config: 'other' }));
  stores.pods.put({ metadata: { name: 'unlabelled' } });
  stores.leases.put({ metadata });
  stores.openNamespaces.put({ metadata: { name: 'lab' } });
  stores.openNamespaces.put({});

  it.each([
    ['finds a config by name', view.config('other'), other],
    ['finds none of a name that is not there', view.config('x'), undefined],
    ['lists configs', view.configs(), [kubeVipConfig(), other]],
    ['lists DaemonSets', view.daemonSets(), [daemonSet()]],
    ['lists the pods of one config', view.podsOf('edge'), [pod()]],
    ['lists Leases as decisions use them', view.leases(), [leaseView({ metadata })]],
    ['lists the namespaces that are opted out', view.openNamespaces(), ['lab', '']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('sees what the stores learn later', () => {
    stores.configs.put(kubeVipConfig({ name: 'late' }));
    expect(view.config('late')?.metadata.name).toBe('late');
  });
});
