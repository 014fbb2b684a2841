// How the chart and what kustomize builds differ on purpose: the whole list, but for the order of objects.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { Objects } from './rendering.ts';

interface Exception {
  readonly title: string;
  readonly because: string;
  /** Whose objects have it. */
  readonly of: 'chart' | 'config';
  /** The object without it, or undefined where all of it is the exception. */
  readonly without: (object: KubernetesObject) => KubernetesObject | undefined;
}

const policy = 'helm.sh/resource-policy';

/** Every difference that is meant. */
export const exceptions: readonly Exception[] = [
  {
    title: 'hooks of `helm test` and `helm uninstall`',
    because: 'kustomize has none',
    of: 'chart',
    without: (object) => (object.metadata?.annotations?.['helm.sh/hook'] === undefined ? object : undefined),
  },
  {
    title: `the annotation ${policy}`,
    because: '`helm uninstall` must not delete the CRD and the Namespace, with every KubeVipConfig in it',
    of: 'chart',
    without: (object) => {
      const { annotations, ...metadata } = object.metadata ?? {};
      if (annotations?.[policy] !== 'keep') {
        return object;
      }
      const rest = Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== policy));
      return {
        ...object,
        metadata: { ...metadata, ...(Object.keys(rest).length > 0 && { annotations: rest }) },
      };
    },
  },
  {
    title: 'empty lines in CEL',
    because: 'kustomize writes one where folded text is indented further, and CEL does not read them',
    of: 'config',
    without: (object) =>
      object.kind === 'ValidatingAdmissionPolicy'
        ? (JSON.parse(JSON.stringify(object).replaceAll(/(?:\\n)+/g, '\\n')) as KubernetesObject)
        : object,
  },
];

/** The objects of the chart or of config/ without some exceptions. */
export const withoutExceptions = (of: Exception['of'], objects: Objects, which = exceptions): Objects =>
  Object.fromEntries(
    Object.entries(objects).flatMap(([name, object]) => {
      const rest = which
        .filter((exception) => exception.of === of)
        .reduce<KubernetesObject | undefined>((left, { without }) => left && without(left), object);
      return rest === undefined ? [] : [[name, rest]];
    }),
  );
