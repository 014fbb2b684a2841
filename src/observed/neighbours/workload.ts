// Which workloads of a cluster concern us, and what is kept of them.
import type { KubernetesObject, V1Container, V1PodSpec } from '@kubernetes/client-node';
import { configOfComponent, labels, managedByValue, systemNamespace } from '../../api/metadata.ts';
import { metricsPorts } from '../../observed/metrics-ports.ts';
import { oncePerPair } from '../../observed/once.ts';
import { argumentsOf, envOf, longestArgument, mostOfAList, unclearIn } from './containers.ts';
import type { Workload } from './survey.ts';

// What kube-vip is called is written the same in config/admission/foreign-kube-vip*.yaml (RE2 and JavaScript read it alike),
// and a test holds them equal. What the policies take for kube-vip, preflight takes for it, too.
/** Matches kube-vip, kube-vip-iptables and their mirrors, for example rancher/mirrored-kube-vip-kube-vip-iptables. */
export const kubeVipPattern =
  '(^|/)(mirrored-)?((kube-vip|plndr)-)?kube-vip(-iptables)?([:@]|$)|(kube-vip|plndr)/kube-vip';

/** What begins like it and is another program. */
export const otherProgramPattern = '/kube-vip-(operator|cloud-provider)([:@]|$)';

const kubeVip = new RegExp(kubeVipPattern);
const otherProgram = new RegExp(otherProgramPattern);

/** Whether an image is kube-vip, by its name. */
export const isKubeVipImage = (image: string): boolean => kubeVip.test(image) && !otherProgram.test(image);
const isMetalLbImage = (image: string): boolean => image.includes('metallb');
/** Whether an image is the agent of Cilium. */
export const isCiliumImage = (image: string): boolean => /(^|\/)cilium([:@]|$)/.test(image);

type Described = Omit<Workload, 'args' | 'env' | 'unclear'>;

/** Whether a container of it is kube-vip. */
export const isKubeVip = ({ images }: Pick<Described, 'images'>): boolean =>
  images.some((image) => isKubeVipImage(image));
/** Whether it is a part of MetalLB. */
export const isMetalLb = ({ images }: Pick<Described, 'images'>): boolean =>
  images.some((image) => isMetalLbImage(image));
/** Whether a container of it is kube-proxy. */
export const isKubeProxy = ({ images }: Pick<Described, 'images'>): boolean =>
  images.some((image) => /(^|\/)kube-proxy([:@-]|$)/.test(image));
/** Whether it is the agent of Cilium. */
export const isCilium = ({ images }: Pick<Described, 'images'>): boolean =>
  images.some((image) => isCiliumImage(image));

// k3s and RKE2 each write their own name into the labels of ServiceLB.
const serviceLbLabels = ['k3s', 'rke2'].map((program) => `svccontroller.${program}.cattle.io`);

/** The Service that a DaemonSet of ServiceLB serves, or undefined for any other workload. */
export function servedByServiceLb({ kind, labels: own }: Described): string | undefined {
  const prefix = serviceLbLabels.find((label) => own[`${label}/svcname`] !== undefined);
  const name = [own[`${prefix}/svcnamespace`], own[`${prefix}/svcname`]].filter((part) => part !== undefined);
  return kind === 'DaemonSet' && prefix !== undefined ? `Service ${name.join('/')}` : undefined;
}

/** Where k3s and RKE2 put the DaemonSets of ServiceLB, unless --servicelb-namespace names another namespace. */
export const serviceLbNamespace = 'kube-system';

/** Whether a DaemonSet of ServiceLB is RKE2's. */
export const isOfRke2 = ({ labels: own }: Described): boolean =>
  own['svccontroller.rke2.cattle.io/svcname'] !== undefined;

/** Whether this operator made it. */
export function isOurs({ namespace, name, labels: own }: Described): boolean {
  return (
    namespace === systemNamespace &&
    (own[labels.managedBy] === managedByValue || configOfComponent(name) !== undefined)
  );
}

/** Whether a port is one of those for the metrics of kube-vip. */
export const isPortOfOurs = (port: number): boolean =>
  port >= metricsPorts.first && port <= metricsPorts.last;

const hasPortOfOurs = ({ hostPorts }: Described): boolean => hostPorts.some(isPortOfOurs);

/**
 * The workloads that are such. Ours are among all, two for each KubeVipConfig: so a list is gone through once for each question,
 * and not once for each KubeVipConfig that asks it.
 */
export const workloadsThat = oncePerPair(
  (workloads: readonly Workload[], are: (workload: Workload) => boolean): readonly Workload[] =>
    workloads.filter((workload) => are(workload)),
);

const isTelling = (images: readonly string[]): boolean =>
  [isKubeVip, isMetalLb, isCilium, isKubeProxy].some((test) => test({ images }));

const isOfInterest = (workload: Described): boolean =>
  servedByServiceLb(workload) !== undefined || isTelling(workload.images) || hasPortOfOurs(workload);

function hostPortsOf(containers: readonly V1Container[]): readonly number[] {
  const all = containers.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? []));
  return [...new Set(all)].filter(isPortOfOurs);
}

// Of each container the name of its image, and of hundreds in one pod those that tell what it is.
function imagesOf(containers: readonly V1Container[]): readonly string[] {
  const all = containers.map(({ image = '' }) => image.slice(0, longestArgument));
  const telling = all.filter((image) => isTelling([image]));
  return all.length > mostOfAList ? telling.slice(0, mostOfAList) : all;
}

/** Labels that tell of another load balancer, or whose pod it is. */
const isLabelRead = ([key]: readonly [string, string]): boolean =>
  key === 'pod-template-hash' ||
  key === labels.managedBy ||
  serviceLbLabels.some((label) => key.startsWith(label));

interface WithTemplate extends KubernetesObject {
  readonly spec?: V1PodSpec & {
    readonly template?: { readonly spec?: V1PodSpec };
    readonly replicas?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly phase?: string;
  };
}

// Scaled to nothing, or told to run on no node, as people turn a DaemonSet off.
function isTurnedOff(kind: Workload['kind'], { spec, status }: WithTemplate): boolean {
  return kind === 'DaemonSet'
    ? status?.observedGeneration !== undefined && status.desiredNumberScheduled === 0
    : spec?.replicas === 0;
}

// The survey lists these themselves. Others have kinds of the same names.
const listed = ['apps/DaemonSet', 'apps/StatefulSet'];

/** Whether a pod says nothing that is not known: one of a workload that is listed, or one that has ended. */
function isNoNews({ metadata, status }: WithTemplate): boolean {
  const owners = metadata?.ownerReferences ?? [];
  return (
    ['Succeeded', 'Failed'].includes(status?.phase ?? '') ||
    owners.some(({ apiVersion, kind }) => listed.includes(`${apiVersion.split('/')[0]}/${kind}`))
  );
}

const mirror = 'kubernetes.io/config.mirror';

/** What is kept of a pod. */
function podParts({ metadata, spec }: WithTemplate): Pick<Workload, 'node' | 'isStatic' | 'owner'> {
  const node = spec?.nodeName;
  const isStatic = metadata?.annotations?.[mirror] !== undefined;
  const owners = (metadata?.ownerReferences ?? []).filter(({ kind }) => kind !== 'Node');
  const owner = owners.find(({ controller }) => controller) ?? owners[0];
  return {
    ...(node !== undefined && { node }),
    ...(isStatic && { isStatic }),
    ...(owner && { owner: `${owner.kind}/${owner.name}` }),
  };
}

/** Whether a pod is of a Deployment, whose ReplicaSet it names. */
function isOf({ owner, namespace, labels: own }: Workload, deployment: Workload): boolean {
  const name = `${deployment.name}-${own['pod-template-hash']}`;
  return owner === `ReplicaSet/${name}` && namespace === deployment.namespace;
}

/** Without pods of Deployments that are there too. A ReplicaSet may also have no Deployment. */
export function withoutTwice(workloads: readonly Workload[]): readonly Workload[] {
  const deployments = workloads.filter(({ kind }) => kind === 'Deployment');
  return workloads.filter((row) => !deployments.some((deployment) => isOf(row, deployment)));
}

function podOf(kind: Workload['kind'], { spec }: WithTemplate): V1PodSpec | undefined {
  return kind === 'Pod' ? spec : spec?.template?.spec;
}

const isOne = ({ image = '' }: V1Container): boolean => isKubeVipImage(image);

/** All containers in one, but each kube-vip by itself: the variables of one say nothing about another. */
function processesOf(containers: readonly V1Container[]): readonly (readonly V1Container[])[] {
  return [...containers.filter(isOne).map((row) => [row]), containers.filter((row) => !isOne(row))];
}

function describe(
  kind: Workload['kind'],
  source: WithTemplate,
  containers: readonly V1Container[],
): Described {
  const { metadata: { namespace = '', name = '', labels: own = {} } = {} } = source;
  const pod = podOf(kind, source);
  return {
    kind,
    namespace,
    name,
    labels: Object.fromEntries(Object.entries(own).filter(isLabelRead)),
    images: imagesOf(containers),
    hostPaths: (pod?.volumes ?? []).flatMap(({ hostPath }) => hostPath?.path ?? []).slice(0, mostOfAList),
    hostPorts: hostPortsOf(containers),
    hostNetwork: pod?.hostNetwork === true,
    ...(kind === 'Pod' && podParts(source)),
  };
}

function variablesOf(
  described: Described,
  process: readonly V1Container[],
): Pick<Workload, 'env' | 'unclear'> {
  if (!isKubeVip(described)) {
    return { env: {} };
  }
  const unclear = unclearIn(process);
  return { env: envOf(process), ...(unclear.length > 0 && { unclear }) };
}

/** What is kept of a workload: nothing when it does not concern us, and a row for each kube-vip in it. */
export function trimWorkload(kind: Workload['kind'], object: KubernetesObject): readonly Workload[] {
  const source = object as WithTemplate;
  if (isTurnedOff(kind, source) || (kind === 'Pod' && isNoNews(source))) {
    return [];
  }
  // A container that only initializes may be a kube-vip too, and one that stays (a sidecar).
  const { containers = [], initContainers = [] } = podOf(kind, source) ?? {};
  return processesOf([...containers, ...initContainers]).flatMap((process) => {
    const described = describe(kind, source, process);
    return process.length > 0 && isOfInterest(described)
      ? [
          {
            ...described,
            args: process.flatMap(argumentsOf),
            ...variablesOf(described, process),
          },
        ]
      : [];
  });
}

/** `DaemonSet/kube-system/kube-vip-ds`. */
export const workloadName = ({
  kind,
  namespace,
  name,
}: Pick<Workload, 'kind' | 'namespace' | 'name'>): string => `${kind}/${namespace}/${name}`;
