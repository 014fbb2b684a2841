// The operator in a lab, as an administrator installs it: the shipped manifests, the image of this
// checkout, nothing on the side.
import { join } from 'node:path';
import type { V1DaemonSet, V1Lease } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { Lab } from './lab.ts';
import { waitFor, within } from './process.ts';

const repository = join(import.meta.dirname, '..', '..');

const configsPath = '/apis/kubevip.dev/v1alpha1/kubevipconfigs';
const leasesPath = '/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases';

/** A KubeVipConfig as the API server has it; rejects when there is none. */
export const readConfig = <T = KubeVipConfig>(lab: Lab, name: string): Promise<T> =>
  lab.read(`${configsPath}/${name}`);

/** Names of all KubeVipConfigs. */
export async function configNames(lab: Lab): Promise<readonly string[]> {
  const { items } = await lab.read<{ readonly items: readonly KubeVipConfig[] }>(configsPath);
  return items.map(({ metadata }) => metadata.name);
}

const inNamespace = (lab: Lab, ...args: string[]): Promise<string> =>
  lab.kubectl('-n', 'kube-vip-system', ...args);

// The operator may have heard of its CRD from another API server than the one that is asked here.
const untilServed = (lab: Lab): Promise<void> =>
  waitFor(
    'KubeVipConfigs to be served by the API server that is asked',
    () =>
      lab.read(configsPath).then(
        () => true,
        () => false,
      ),
    { seconds: 120, everyMs: 250 },
  );

// Of both: by the name of the Deployment, kubectl reads the log of one, maybe of the one that stands by.
function operatorLogs(lab: Lab, lines: number): Promise<string> {
  const both = ['-l', 'app.kubernetes.io/name=kube-vip-operator', '--prefix', `--tail=${lines}`];
  return inNamespace(lab, 'logs', ...both).catch(String);
}

/** Applies config/default and waits until the operator is ready and its objects can be applied. */
export async function installOperator(lab: Lab): Promise<void> {
  await lab.kubectl('apply', '-k', join(repository, 'config', 'default'));
  try {
    await inNamespace(lab, 'rollout', 'status', 'deployment/kube-vip-operator', within(240));
  } catch (cause) {
    const pods = await inNamespace(lab, 'get', 'pods', '-o', 'wide');
    throw new Error(`the operator is not ready:\n${pods}\n${await operatorLogs(lab, 5)}`, { cause });
  }
  await untilServed(lab);
}

const schema = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';

/**
 * Stores a KubeVipConfig that breaks the rules of one field of the spec, as one that was there before them: they are out of
 * the CRD while it is created, and in force again when this resolves.
 */
export async function storeBeforeRules(lab: Lab, field: string, manifest: string): Promise<void> {
  const isTaken = (text: string, ...args: string[]): Promise<boolean> =>
    lab.apply(text, ...args).then(
      () => true,
      () => false,
    );
  const without = [{ op: 'remove', path: `${schema}/${field}/x-kubernetes-validations` }];
  const crd = ['crd', 'kubevipconfigs.kubevip.dev'];
  await lab.kubectl('patch', ...crd, '--type=json', '-p', JSON.stringify(without));
  const often = { seconds: 30, everyMs: 250 };
  await waitFor(`the object to be admitted without the rules of ${field}`, () => isTaken(manifest), often);
  const folder = join(repository, 'config', 'crd');
  await lab.kubectl('apply', '--server-side', '--force-conflicts', '-k', folder);
  const other = manifest.replace(/"name":"[^"]+"/, '"name":"after-the-rules"');
  const isRefused = async (): Promise<boolean> => !(await isTaken(other, '--dry-run=server'));
  await waitFor(`the rules of ${field} to be in force again`, isRefused, often);
}

interface Observed {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
      readonly observedGeneration: number;
    }[];
  };
}

/** Status and message of one condition of a KubeVipConfig; empty while none tells of the spec that is there now. */
export async function conditionOf(lab: Lab, config: string, type: string): Promise<string> {
  const { metadata, status } = await readConfig<Observed>(lab, config);
  const found = status?.conditions?.find((condition) => condition.type === type);
  return found?.observedGeneration === metadata.generation ? `${found.status} ${found.message}` : '';
}

/** What the operators warned of last, each line with its pod. */
async function warnings(lab: Lab): Promise<string> {
  const said = await operatorLogs(lab, 400);
  const lines = said.split('\n').filter((line) => /"level":"?(warn|error|[4-6]0)/.test(line));
  return lines.slice(-20).join('\n');
}

async function untilTrue(lab: Lab, config: string, type: string, seconds: number): Promise<void> {
  let said = '';
  const isTrue = async (): Promise<boolean> =>
    (said = await conditionOf(lab, config, type)).startsWith('True');
  try {
    await waitFor(`KubeVipConfig ${config} to be ${type}`, isTrue, { seconds, everyMs: 250 });
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    const warned = await warnings(lab);
    throw new Error(`${why}; it says: ${said}\nand the operators warned:\n${warned}`, { cause: error });
  }
}

/** Waits until a KubeVipConfig is Ready, maybe with the pods of its spec before; the error says what it said last. */
export const untilReady = (lab: Lab, config: string, seconds = 60): Promise<void> =>
  untilTrue(lab, config, 'Ready', seconds);

/** Waits until every node runs what the spec asks for now. */
export const untilProgrammed = (lab: Lab, config: string, seconds = 60): Promise<void> =>
  untilTrue(lab, config, 'Programmed', seconds);

/** The node that holds the Lease of one function. */
export async function holderOf(lab: Lab, lease: string): Promise<string> {
  const { spec } = await lab.read<V1Lease>(`${leasesPath}/${lease}`);
  return spec?.holderIdentity ?? '';
}

/** How many nodes a DaemonSet is for, as its controller counts them. */
export async function desiredNodes(lab: Lab, name: string): Promise<number | undefined> {
  const path = `/apis/apps/v1/namespaces/kube-vip-system/daemonsets/${name}`;
  return (await lab.read<V1DaemonSet>(path)).status?.desiredNumberScheduled;
}

/** Deletes the pod of one function on a node, gracefully, without waiting for its end. */
export async function deletePodOn(lab: Lab, node: string, component: string): Promise<void> {
  const which = [`-l=app.kubernetes.io/component=${component}`, `--field-selector=spec.nodeName=${node}`];
  await inNamespace(lab, 'delete', 'pod', '--wait=false', ...which);
}
