// In which mode kube-proxy runs, from each place that may tell it: its ConfigMap (kubeadm), its DaemonSet (Talos and others),
// and how k3s and RKE2 were started.
import type { V1Node } from '@kubernetes/client-node';
import { flagsOf, valuesOf } from './flags.ts';
import { isKubeProxyOff, kubeProxyOfNodes } from './k3s.ts';
import type { Survey, Workload } from './survey.ts';
import { isKubeProxy, workloadName, workloadsThat } from './workload.ts';

/** One place that tells of kube-proxy. */
export interface KubeProxyMode {
  /** Where it is told. */
  readonly object: string;
  /** What is told there, in half a sentence. */
  readonly found: string;
  readonly isKnown: boolean;
  /** It lets every node answer ARP for addresses of Services. */
  readonly answersArp: boolean;
  /** Outside the namespace of kube-proxy, where any tenant can make a DaemonSet that looks like it. */
  readonly isElsewhere: boolean;
}

interface Facts {
  readonly snapshot: { readonly nodes: readonly V1Node[] };
  readonly survey: Pick<Survey, 'kubeProxy' | 'workloads' | 'cilium'>;
}

const modes = ['', 'iptables', 'ipvs', 'nftables', 'kernelspace', 'userspace'];

/** Whether Cilium runs in place of kube-proxy, by its own ConfigMap. */
export const isReplaced = ({ cilium }: Pick<Survey, 'cilium'>): boolean =>
  /^(true|strict)$/.test(cilium?.['kube-proxy-replacement'] ?? '');

function modeOf(object: string, mode: string, isStrict: boolean, strict: string): KubeProxyMode {
  const answersArp = mode === 'ipvs' && !isStrict;
  const found = answersArp ? `has mode ipvs without ${strict}` : `has mode ${mode || 'iptables'}`;
  return { object, found, isKnown: modes.includes(mode), answersArp, isElsewhere: false };
}

const home = 'kube-system';

const isTrue = (text: string | undefined): boolean => /^(1|t|true|)$/i.test(text ?? 'false');

const isOnNodes = (workload: Workload): boolean => isKubeProxy(workload) && workload.kind === 'DaemonSet';

/** A DaemonSet that reads a file says nothing: the ConfigMap does, where it is that of kubeadm. */
function inWorkloads({ workloads }: Pick<Survey, 'workloads'>): readonly KubeProxyMode[] {
  return workloadsThat(workloads, isOnNodes).flatMap((workload) => {
    const flags = flagsOf(workload.args.flatMap((text) => text.split(/\s+/)));
    const last = (name: string): string | undefined => valuesOf(flags, name).at(-1);
    return last('--config') === undefined
      ? [
          {
            ...modeOf(
              workloadName(workload),
              last('--proxy-mode') ?? '',
              isTrue(last('--ipvs-strict-arp')),
              '--ipvs-strict-arp',
            ),
            isElsewhere: workload.namespace !== home,
          },
        ]
      : [];
  });
}

const inConfigMap = ({ kubeProxy }: Pick<Survey, 'kubeProxy'>): readonly KubeProxyMode[] =>
  kubeProxy === undefined
    ? []
    : [modeOf('ConfigMap/kube-system/kube-proxy', kubeProxy.mode, kubeProxy.strictArp, 'ipvs.strictARP')];

/** What is told of kube-proxy; one row that says so where nothing is. None where it does not run. */
export function kubeProxyModes({ snapshot: { nodes }, survey }: Facts): readonly KubeProxyMode[] {
  if (isReplaced(survey) || isKubeProxyOff(nodes)) {
    return [];
  }
  const told = [...inConfigMap(survey), ...inWorkloads(survey)];
  return told.length > 0 || kubeProxyOfNodes(nodes).length > 0
    ? told
    : [
        {
          object: 'kube-proxy',
          found: 'has its mode in no ConfigMap kube-system/kube-proxy, no DaemonSet and no k3s',
          isKnown: false,
          answersArp: false,
          isElsewhere: false,
        },
      ];
}
