// Checks of our own namespace: would it let the pods run?
import { componentKindsOf } from '../../api/defaults.ts';
import { nodesOf, placementOf } from '../../observed/placement.ts';
import type { Check, Facts, Finding } from './check.ts';

const enforce = 'pod-security.kubernetes.io/enforce';

// Talos enforces baseline wherever a namespace does not say otherwise; the others enforce nothing.
function defaultLevel({ snapshot }: Facts): string {
  return snapshot.nodes.some(({ status }) => status?.nodeInfo?.osImage?.startsWith('Talos'))
    ? 'baseline, the default of Talos'
    : 'privileged';
}

function podSecurity(facts: Facts): readonly Finding[] {
  const { namespaceLabels } = facts.survey;
  const level = namespaceLabels?.[enforce] ?? defaultLevel(facts);
  return namespaceLabels === undefined || level === 'privileged'
    ? []
    : [
        {
          object: `Namespace/${facts.snapshot.namespace}`,
          expected: `Pod Security level privileged: kube-vip needs the host network and two capabilities`,
          found: level,
        },
      ];
}

const compute = /^(requests|limits)\.(cpu|memory)$|^(cpu|memory)$/;
const podCounts = ['pods', 'count/pods'];

/** Pods that the spec asks for and that do not run yet. */
function missingPods({ spec, snapshot }: Facts): number {
  const wanted = componentKindsOf(spec).flatMap((component) => {
    const placed = placementOf(spec, component);
    return placed === undefined ? [] : nodesOf(snapshot.nodes, component, placed);
  });
  return Math.max(0, wanted.length - snapshot.pods.length);
}

function lacksResource({ spec, survey }: Facts, resource: string): boolean {
  const [kind = '', name = ''] = resource.includes('.') ? resource.split('.') : ['requests', resource];
  const isGiven = componentKindsOf(spec).every((component) => {
    const resources: Readonly<Record<string, unknown>> = { ...placementOf(spec, component)?.resources };
    return Object.keys({ ...(resources[kind] as object), ...(resources['limits'] as object) }).includes(name);
  });
  return !isGiven && !survey.limitDefaults.includes(`${kind}.${name}`);
}

function quotas(facts: Facts): readonly Finding[] {
  const missing = missingPods(facts);
  return facts.survey.quotas
    .filter(({ isScoped }) => !isScoped)
    .flatMap(({ name, hard, used }) =>
      Object.entries(hard).flatMap(([resource, amount]) => {
        const object = `ResourceQuota/${facts.snapshot.namespace}/${name}`;
        const left = Number(amount) - Number(used[resource] ?? 0);
        if (podCounts.includes(resource) && left < missing) {
          return [
            {
              object,
              expected: `room for ${missing} more pods of kube-vip`,
              found: `${left} in ${resource}`,
            },
          ];
        }
        return compute.test(resource) && lacksResource(facts, resource)
          ? [
              {
                object,
                expected: `no quota of ${resource} where the pods of kube-vip set none`,
                found: `${resource} ${amount}`,
              },
            ]
          : [];
      }),
    );
}

function permissions({ spec, survey }: Facts): readonly Finding[] {
  const accounts = componentKindsOf(spec).map((component) => `kube-vip-${component}`);
  return survey.lackedPermissions.flatMap((text) => {
    const [account = '', what = ''] = text.split(': ');
    return accounts.includes(account)
      ? [
          {
            object: `ServiceAccount/kube-vip-system/${account}`,
            expected: `permission to ${what}`,
            found: 'none',
          },
        ]
      : [];
  });
}

const unread = ({ survey }: Facts): readonly Finding[] =>
  survey.unread.map(({ what, why }) => ({
    object: 'ServiceAccount/kube-vip-system/kube-vip-operator',
    expected: `to read ${what}, which checks judge`,
    found: why,
  }));

export const namespaceChecks: readonly Check[] = [
  {
    id: 'pod-security-rejects',
    question: 'Would Pod Security let the pods into our namespace?',
    severity: 'blocks',
    find: podSecurity,
    remedy: `label it ${enforce}=privileged, as config/namespace does`,
    links: ['exit-zero'],
  },
  {
    id: 'quota-rejects',
    question: 'Would a quota of our namespace let the pods in?',
    severity: 'warns',
    find: quotas,
    remedy: 'raise the quota, take it away, or set resources in the spec',
    links: ['exit-zero'],
  },
  {
    id: 'account-lacks-permission',
    question: 'May the accounts of kube-vip do what kube-vip needs?',
    severity: 'blocks',
    find: permissions,
    remedy: 'kubectl apply -k config/rbac',
    links: ['endpointslice-rbac'],
  },
  {
    id: 'fact-is-unread',
    question: 'Could every fact be read?',
    severity: 'warns',
    find: unread,
    remedy: 'kubectl apply -k config/rbac, or look at the API server when the answer is not about permission',
    links: [],
  },
];
