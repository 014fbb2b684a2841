// What cannot be judged is not granted, and what would wait for ever is refused.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig, KubeVipConfigStatus } from '../../src/api/types.ts';
import { hindranceOf } from '../../src/grants/readiness.ts';
import { emptySurvey, type Survey } from '../../src/observed/neighbours/survey.ts';
import type { ConfigOverrides } from '../builders.ts';
import { poolConfig } from './world.ts';

type Run = NonNullable<KubeVipConfigStatus['nodeProbe']>[number];

const [run] = poolConfig().status?.nodeProbe ?? [];
const { finishedAt: _, ...open } = run as Run;
const runs = (...nodeProbe: readonly Run[]): KubeVipConfigStatus => ({ observedGeneration: 1, nodeProbe });
const answered = run as Run;
const asks = { preflight: {} };
const refusedConditions: KubeVipConfigStatus['conditions'] = [
  { type: 'Accepted', status: 'False', reason: 'Invalid', message: '', lastTransitionTime: '' },
];

const config = ({ spec, ...rest }: ConfigOverrides = {}): KubeVipConfig =>
  poolConfig({ ...rest, spec: { ...asks, ...spec } });
const { status: __, ...unjudged } = config();
const unread = (what: string): Survey => ({ ...emptySurvey, unread: [{ what, why: 'Forbidden' }] });

const unclear = (what: string): Survey => ({ ...emptySurvey, unclear: [{ what, why: 'no YAML' }] });

describe('nothing new is granted', () => {
  it.each<[what: string, given: readonly [KubeVipConfig, Survey | undefined], reason: string, found: string]>(
    [
      [
        'while the cluster is not read',
        [config(), undefined],
        'GrantWaits',
        'the operator to read the cluster',
      ],
      ['before the first status', [unjudged, emptySurvey], 'GrantWaits', 'the operator to judge the spec'],
      [
        'while the status is about an older spec',
        [config({ metadata: { generation: 2 } }), emptySurvey],
        'GrantWaits',
        'the operator to judge the spec',
      ],
      [
        'while the refusal is about an older spec',
        [
          config({
            metadata: { generation: 2 },
            status: { ...runs(answered), conditions: refusedConditions },
          }),
          emptySurvey,
        ],
        'GrantWaits',
        'the operator to judge the spec',
      ],
      [
        'while nodes are asked for the first time',
        [config({ status: runs(open) }), emptySurvey],
        'GrantWaits',
        'to be asked for their networks',
      ],
      [
        'while no node was ever asked',
        [config({ status: runs() }), emptySurvey],
        'GrantWaits',
        'to be asked for their networks',
      ],
      [
        'when only the nodes of the control plane were asked',
        [config({ status: runs({ ...answered, function: 'control-plane' }) }), emptySurvey],
        'GrantWaits',
        'to be asked for their networks',
      ],
      [
        'when no node answered',
        [config({ status: runs({ ...answered, asked: 3, answered: 0 }) }), emptySurvey],
        'GrantWaits',
        'of 3 none has answered',
      ],
      [
        'when their networks cannot be remembered',
        [config({ status: runs({ ...answered, areNetworksOmitted: true }) }), emptySurvey],
        'GrantWaits',
        'to have fewer networks',
      ],
      [
        'when the network of Services cannot be read',
        [config(), unread('/apis/networking.k8s.io/v1/servicecidrs')],
        'GrantWaits',
        'which may name networks of the cluster (Forbidden)',
      ],
      [
        'when kubeadm-config says nothing',
        [config(), unclear('ConfigMap kube-system/kubeadm-config, key ClusterConfiguration')],
        'GrantWaits',
        'ConfigMap kube-system/kubeadm-config',
      ],
      [
        'when what is read together with networks has no answer',
        [config(), unread('version')],
        'GrantWaits',
        'the operator to read version',
      ],
      [
        'when kubeadm-config cannot be read',
        [config(), unread('ConfigMap kube-system/kubeadm-config')],
        'GrantWaits',
        'kubeadm-config',
      ],
      [
        'while it is being deleted',
        [config({ metadata: { deletionTimestamp: 'x' } }), emptySurvey],
        'GrantWaits',
        'it is being deleted',
      ],
      [
        'when its spec is refused',
        [config({ status: { observedGeneration: 1, conditions: refusedConditions } }), emptySurvey],
        'ConfigNotAccepted',
        'a spec that is not accepted',
      ],
      [
        'when it is suspended and no node was asked',
        [config({ spec: { suspend: true }, status: runs() }), emptySurvey],
        'ConfigSuspended',
        'spec.suspend true',
      ],
    ],
  )('%s', (_, given, reason, found) => {
    const hindrance = hindranceOf(...given);
    expect(hindrance?.reason).toBe(reason);
    expect(hindrance?.found).toContain(found);
    expect(hindrance?.todo).not.toBe('');
  });
});

describe('something new is granted', () => {
  it.each<[string, KubeVipConfig, Survey]>([
    ['when nodes have answered', config(), emptySurvey],
    [
      'while the same is being asked again',
      config({ status: runs({ ...answered, startedAt: '2026-11-25T11:00:00Z' }) }),
      emptySurvey,
    ],
    ['when it is suspended and nodes have answered before', config({ spec: { suspend: true } }), emptySurvey],
    [
      'when nodes are not to be asked',
      config({ spec: { preflight: { nodeProbe: 'Off' } }, status: runs() }),
      emptySurvey,
    ],
    ['when something else cannot be read', config(), unread('/apis/metallb.io/v1beta1/ipaddresspools')],
    [
      'when kube-proxy does not say enough',
      config(),
      unclear('ConfigMap kube-system/kube-proxy, key config.conf'),
    ],
    [
      'when the networks cannot be read now, and were read before',
      config(),
      { ...emptySurvey, unread: [{ what: 'version', why: 'timeout', knownSince: '2026-11-24T11:00:00Z' }] },
    ],
  ])('%s', (_, object, survey) => {
    expect(hindranceOf(object, survey)).toBeUndefined();
  });
});
