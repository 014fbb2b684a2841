// The operator in a lab, as an administrator installs it: the shipped manifests, the image of this
// checkout, nothing on the side.
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { waitFor } from './process.ts';

const repository = join(import.meta.dirname, '..', '..');

const inNamespace = (lab: Lab, ...args: string[]): Promise<string> =>
  lab.kubectl('-n', 'kube-vip-system', ...args);

// The operator may have heard of its CRD from another API server than the one that is asked here.
const untilServed = (lab: Lab): Promise<void> =>
  waitFor(
    'KubeVipConfigs to be served by the API server that is asked',
    () =>
      lab.kubectl('get', 'kubevipconfigs').then(
        () => true,
        () => false,
      ),
    { seconds: 30, everyMs: 250 },
  );

/** Applies config/default and waits until the operator is ready and its objects can be applied. */
export async function installOperator(lab: Lab): Promise<void> {
  await lab.kubectl('apply', '-k', join(repository, 'config', 'default'));
  try {
    await inNamespace(lab, 'rollout', 'status', 'deployment/kube-vip-operator', '--timeout=90s');
  } catch (cause) {
    const pods = await inNamespace(lab, 'get', 'pods', '-o', 'wide');
    // Of both: by the name of the Deployment, kubectl reads the log of one, maybe of the one that stands by.
    const both = ['-l', 'app.kubernetes.io/name=kube-vip-operator', '--prefix', '--tail=5'];
    const said = await inNamespace(lab, 'logs', ...both).catch(String);
    throw new Error(`the operator is not ready:\n${pods}\n${said}`, { cause });
  }
  await untilServed(lab);
}

/** Status and message of one condition of a KubeVipConfig; empty while it is not there. */
export async function conditionOf(lab: Lab, config: string, type: string): Promise<string> {
  const path = `{range .status.conditions[?(@.type=="${type}")]}{.status} {.message}{end}`;
  return lab.kubectl('get', 'kubevipconfig', config, '-o', `jsonpath=${path}`);
}

/** Waits until a KubeVipConfig is Ready; the error says what it said last. */
export async function untilReady(lab: Lab, config: string, seconds = 60): Promise<void> {
  let said = '';
  try {
    await waitFor(
      `KubeVipConfig ${config} to be Ready`,
      async () => {
        said = await conditionOf(lab, config, 'Ready');
        return said.startsWith('True');
      },
      { seconds, everyMs: 250 },
    );
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}; it says: ${said}`, { cause: error });
  }
}

/** The node that holds the Lease of one function. */
export function holderOf(lab: Lab, lease: string): Promise<string> {
  return inNamespace(lab, 'get', 'lease', lease, '-o', 'jsonpath={.spec.holderIdentity}');
}

/** Deletes the pod of one function on a node, gracefully, without waiting for its end. */
export async function deletePodOn(lab: Lab, node: string, component: string): Promise<void> {
  const which = [`-l=app.kubernetes.io/component=${component}`, `--field-selector=spec.nodeName=${node}`];
  await inNamespace(lab, 'delete', 'pod', '--wait=false', ...which);
}
