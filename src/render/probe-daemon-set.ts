// The probe of the nodes of one function as a DaemonSet: the operator's own image, on the same nodes, in their
// network, and with no right at all: no root, no capability, no token.
import type { V1Container, V1DaemonSet, V1EnvVar } from '@kubernetes/client-node';
import type { EffectiveSpec } from '../api/defaults.ts';
import {
  annotations,
  apiVersion,
  kind,
  labels,
  managedByValue,
  probeName,
  type ComponentKind,
} from '../api/metadata.ts';
import { requestVariable, type ProbeRequest } from '../api/node-report.ts';
import { renderEnv } from './env.ts';
import { renderPlacement } from './placement.ts';

/** Name of the container of a probe. */
export const probeContainer = 'probe';

/** Where the nodes get the probe from: what the operator itself was started from. */
export interface ProbeImage {
  readonly image: string;
  /** Names of Secrets in the namespace of the operator. */
  readonly pullSecrets: readonly string[];
}

/** All that the DaemonSet of a probe depends on. */
export interface ProbeInput {
  readonly spec: EffectiveSpec;
  readonly component: ComponentKind;
  readonly namespace: string;
  /** UID of the KubeVipConfig, for the owner reference. */
  readonly uid: string;
  readonly request: ProbeRequest;
  readonly image: ProbeImage;
}

// As the component finds the API server: under apiAccess Local, that of its own node.
function apiServer({ spec, component, namespace }: ProbeInput): readonly V1EnvVar[] {
  const env = renderEnv({ spec, component, namespace, metricsPort: 0 });
  return env.filter(({ name }) => name.startsWith('KUBERNETES_SERVICE_'));
}

function container(input: ProbeInput): V1Container {
  return {
    name: probeContainer,
    image: input.image.image,
    imagePullPolicy: 'IfNotPresent',
    // Of the image (Dockerfile); its own entry point is the operator.
    command: ['/nodejs/bin/node', '/app/dist/probe.js'],
    env: [{ name: requestVariable, value: JSON.stringify(input.request) }, ...apiServer(input)],
    resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // NET_RAW, which asking by ARP oneself would take, is not needed: the kernel is made to ask.
      capabilities: { drop: ['ALL'] },
    },
  };
}

/** Labels that select the pods of a probe; none of them selects a component. */
export function probeLabels(config: string, component: ComponentKind): Record<string, string> {
  return {
    [labels.appName]: 'kube-vip-operator-probe',
    [labels.component]: component,
    [labels.probe]: config,
  };
}

/**
 * The DaemonSet of a probe.
 * @throws RangeError when the spec does not ask for the function.
 */
export function renderProbe(input: ProbeInput): V1DaemonSet {
  const { spec, component, namespace, uid, request, image } = input;
  const placed = component === 'control-plane' ? spec.controlPlane : spec.services;
  if (placed === undefined) {
    throw new RangeError(`spec: expected ${component} to be asked for, found none`);
  }
  const selector = probeLabels(spec.name, component);
  const all = { ...selector, [labels.managedBy]: managedByValue };
  const pullSecrets = image.pullSecrets.map((name) => ({ name }));
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: probeName(spec.name, component),
      namespace,
      labels: all,
      annotations: { [annotations.probeRun]: request.run },
      ownerReferences: [{ apiVersion, kind, name: spec.name, uid, controller: true }],
    },
    spec: {
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: all },
        spec: {
          serviceAccountName: 'kube-vip-operator-probe',
          hostNetwork: true,
          dnsPolicy: 'Default',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 1,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          ...renderPlacement(component, placed),
          ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets }),
          containers: [container(input)],
        },
      },
    },
  };
}
