// Checks of our own namespace, whether it would let the pods run.
import type { V1Node } from '@kubernetes/client-node';
import { amountOf } from '../../api/quantity.ts';
import { list, sentences } from '../../api/words.ts';
import { oncePer } from '../../observed/once.ts';
import { nodesOf } from '../../observed/placement.ts';
import type { Check, Facts, Finding } from './check.ts';

const enforce = 'pod-security.kubernetes.io/enforce';

const talosNodes = oncePer((nodes: readonly V1Node[]) =>
  nodes.filter(({ status }) => status?.nodeInfo?.osImage?.startsWith('Talos')),
);

// Talos enforces baseline wherever a namespace does not say otherwise. Elsewhere a file of the API server has the default, which
// no request tells: a DaemonSet is taken without a warning, and its pods are refused.
function defaultLevel({ snapshot }: Facts): string | undefined {
  return talosNodes(snapshot.nodes).length > 0 ? 'baseline, the default of Talos' : undefined;
}

function podSecurity(facts: Facts): readonly Finding[] {
  const { namespaceLabels } = facts.survey;
  const level = namespaceLabels?.[enforce] ?? defaultLevel(facts);
  if (namespaceLabels === undefined || level === 'privileged') {
    return [];
  }
  const ofNamespace = {
    object: `Namespace/${facts.snapshot.namespace}`,
    expected: 'level privileged, because kube-vip needs the host network and two capabilities',
  };
  return level === undefined
    ? [
        {
          ...ofNamespace,
          found: 'has no Pod Security level',
          detail: `The default of the API server then counts, which cannot be read. So it cannot be judged whether it lets the pods in`,
          onlyWarns: true,
        },
      ]
    : [{ ...ofNamespace, found: `has Pod Security level ${level}` }];
}

const compute = /^(requests|limits)\.(cpu|memory)$|^(cpu|memory)$/;
const ofScope = 'It has a scope. It cannot be judged whether the pods of kube-vip are in it';
const podCounts = ['pods', 'count/pods'];

/** Pods that the spec asks for and that do not run yet. */
function missingPods({ asked, snapshot }: Facts): number {
  const wanted = asked.map(({ kind, part }) => (part ? nodesOf(snapshot.nodes, kind, part).length : 0));
  return Math.max(0, wanted.reduce((sum, count) => sum + count, 0) - snapshot.pods.length);
}

function lacksResource({ asked, survey }: Facts, resource: string): boolean {
  const [kind = '', name = ''] = resource.includes('.') ? resource.split('.') : ['requests', resource];
  const isGiven = asked.every(({ part }) => {
    const resources: Readonly<Record<string, unknown>> = { ...part?.resources };
    return Object.keys({ ...(resources[kind] as object), ...(resources['limits'] as object) }).includes(name);
  });
  return !isGiven && !survey.limitDefaults.includes(`${kind}.${name}`);
}

function quotas(facts: Facts): readonly Finding[] {
  const missing = missingPods(facts);
  return facts.survey.quotas.flatMap(({ name, hard, used, isScoped }) =>
    Object.entries(hard).flatMap(([resource, amount]) => {
      const object = `ResourceQuota/${facts.snapshot.namespace}/${name}`;
      const left = (amountOf(amount) ?? 0) - (amountOf(used[resource] ?? 0) ?? 0);
      if (podCounts.includes(resource) && left < missing) {
        return [
          {
            object,
            found: `has room for ${left} in ${resource}`,
            ...(isScoped && { detail: ofScope }),
            expected: `room for ${missing} more pods of kube-vip`,
          },
        ];
      }
      return compute.test(resource) && lacksResource(facts, resource)
        ? [
            {
              object,
              found: `has a quota ${amount} of ${resource}`,
              ...(isScoped && { detail: ofScope }),
              expected: 'no quota of what the pods of kube-vip do not set',
            },
          ]
        : [];
    }),
  );
}

function permissions({ asked, survey }: Facts): readonly Finding[] {
  const accounts = asked.map(({ kind }) => `kube-vip-${kind}`);
  return survey.lackedPermissions.flatMap((text) => {
    const [account = '', what = ''] = text.split(': ');
    return accounts.includes(account)
      ? [
          {
            object: `ServiceAccount/kube-vip-system/${account}`,
            found: `may not ${what}`,
            expected: 'every permission that kube-vip needs',
          },
        ]
      : [];
  });
}

const unread = ({ survey }: Facts): readonly Finding[] =>
  survey.unread.map(({ what, why, knownSince }) => ({
    object: 'ServiceAccount/kube-vip-system/kube-vip-operator',
    found: `cannot read ${what}`,
    detail: sentences(why, knownSince && `What was read last counts, of ${knownSince}`),
    expected: 'to read what checks judge',
  }));

const unclear = ({ survey }: Facts): readonly Finding[] =>
  survey.unclear.map(({ what, why }) => ({
    object: what,
    found: 'does not say all that checks judge',
    detail: why,
    expected: 'to be able to judge it',
  }));

const olderCrd = ({ snapshot: { unstored } }: Facts): readonly Finding[] =>
  unstored.length === 0
    ? []
    : [
        {
          object: 'CustomResourceDefinition/kubevipconfigs.kubevip.dev',
          found: 'is older than the operator',
          detail: `It does not store ${list(unstored)}. The operator keeps that itself until it restarts`,
          expected: 'the CRD that came with this operator',
        },
      ];

/** Whether the namespace, and the permissions there, let the pods run. */
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
    remedy: 'raise the quota, delete it, or set resources in the spec',
    links: ['exit-zero'],
  },
  {
    id: 'account-lacks-permission',
    question: 'May the accounts of kube-vip do what kube-vip needs?',
    severity: 'blocks',
    find: permissions,
    remedy: 'apply the permissions: kubectl apply -k config/rbac',
    links: ['endpointslice-rbac'],
  },
  {
    id: 'crd-is-older',
    question: 'Does the API server store the whole status?',
    severity: 'warns',
    find: olderCrd,
    remedy: 'apply the CRD: kubectl apply --server-side -k config/crd',
    links: [],
  },
  {
    id: 'fact-is-unread',
    question: 'Could every fact be read?',
    severity: 'blocks',
    onlyStart: true,
    find: unread,
    remedy:
      'on 403 apply the permissions: kubectl apply -k config/rbac. On 429, 500, 503 or no answer look at the API server, and at the webhook or API service behind that path',
    links: [],
  },
  {
    id: 'fact-is-unclear',
    question: 'Does every fact that was read say enough to judge it?',
    severity: 'warns',
    find: unclear,
    remedy: 'look at it yourself, and acknowledge this check when all is well',
    links: [],
  },
];
