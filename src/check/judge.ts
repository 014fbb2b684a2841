// What an install must show, judged from what was seen: the answers of the replicas, and what became of an unsafe object.

/** What one pod of the operator answered at /readyz. */
export interface ReplicaAnswer {
  readonly pod: string;
  /** Status of HTTP, or undefined where nothing answered. */
  readonly status: number | undefined;
  readonly text: string;
}

/** What the API server answered to a question about KubeVipConfigs. */
export interface ObjectAnswer {
  readonly status: number;
  readonly message: string;
}

/** Name of the object that is asked for and never made. */
export const unsafeName = 'kube-vip-operator-test';

/** A release that deleted the addresses of nodes, for Services: see docs/the-0.7-outage.md. */
export const unsafeConfig = {
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: unsafeName },
  spec: { version: 'v0.7.2', mode: 'ARP', services: {} },
} as const;

const shown = (text: string): string => text.trim().slice(0, 300) || 'no text';

/** What is wrong with the replicas, a sentence each. */
export function judgeReplicas(wanted: number, answers: readonly ReplicaAnswer[]): readonly string[] {
  const missing =
    answers.length < wanted
      ? [
          `Pods of the operator: expected ${wanted} in kube-vip-system, found ${answers.length}; see kubectl describe deployment kube-vip-operator -n kube-vip-system`,
        ]
      : [];
  const unready = answers
    .filter(({ status }) => status !== 200)
    .map(
      ({ pod, status, text }) =>
        `Pod ${pod}: expected /readyz to answer 200, found ${status ?? 'no answer'} (${shown(text)}); read its log`,
    );
  return [...missing, ...unready];
}

/** What is wrong with the answer to the unsafe object, or undefined. */
export function judgeRefusal({ status, message }: ObjectAnswer): string | undefined {
  const { version } = unsafeConfig.spec;
  if (status < 300) {
    return `API server: expected to refuse kube-vip ${version} for Services, found that it takes it; install the CRD of this version again`;
  }
  return status === 422 && message.includes(version)
    ? undefined
    : `API server: expected to refuse kube-vip ${version} for Services by a rule, found ${status} (${shown(message)}); install the CRD of this version again`;
}

interface Named {
  readonly metadata: { readonly name: string };
}

/** What keeps an install from being taken away, or undefined. What cannot be asked is not gone. */
export function judgeUninstall({ status, message }: ObjectAnswer): string | undefined {
  // The kind is not served: its CRD is gone, and every object with it.
  if (status === 404) return undefined;
  if (status !== 200) {
    return `API server: expected every KubeVipConfig, found ${status} (${shown(message)}); look at it, then uninstall again`;
  }
  const { items } = JSON.parse(message) as { readonly items: readonly Named[] };
  const names = items.map(({ metadata }) => metadata.name).join(', ');
  return items.length === 0
    ? undefined
    : `KubeVipConfigs: expected none before an uninstall, found ${names}; kubectl delete kubevipconfig --all, and wait until it returns`;
}
