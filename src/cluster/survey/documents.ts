// Facts that are written as YAML inside ConfigMaps: kubeadm, kube-proxy, cluster-info, Cilium.
import { loadYaml } from '@kubernetes/client-node';
import { addressOrName } from '../../api/addresses.ts';
import type { Kubeadm, KubeProxy } from '../../observed/neighbours/survey.ts';
import { getObject, type Part, type Reader } from './parts.ts';

type Json = Readonly<Record<string, unknown>>;

/** A document as an object; empty when it is not one. */
function read(text: string | undefined): Json {
  try {
    const value: unknown = loadYaml(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}

const at = (value: Json, name: string): Json => (value[name] ?? {}) as Json;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** `host:port`, `[v6]:port` or a URL to the host alone. */
export function hostOf(endpoint: string | undefined): string | undefined {
  const withScheme = endpoint?.includes('://') ? endpoint : `https://${endpoint}`;
  return endpoint !== undefined && URL.canParse(withScheme)
    ? addressOrName(new URL(withScheme).hostname.replaceAll(/[[\]]/g, ''))
    : undefined;
}

/** ClusterConfiguration of the ConfigMap kubeadm-config. */
export function readKubeadm(document: string | undefined): Kubeadm {
  const config = read(document);
  const networking = at(config, 'networking');
  return {
    endpoint: hostOf(text(config['controlPlaneEndpoint'])),
    podSubnet: text(networking['podSubnet']),
    serviceSubnet: text(networking['serviceSubnet']),
  };
}

/** Mode and strictARP of kube-proxy, from `config.conf` of its ConfigMap. */
export function readKubeProxy(document: string | undefined): KubeProxy {
  const config = read(document);
  return { mode: text(config['mode']) ?? '', strictArp: at(config, 'ipvs')['strictARP'] === true };
}

/** Host of the first cluster of a kubeconfig. */
export function readServer(document: string | undefined): string | undefined {
  const { clusters } = read(document);
  const [first] = Array.isArray(clusters) ? (clusters as readonly Json[]) : [];
  return hostOf(text(at(first ?? {}, 'cluster')['server']));
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

async function configMap(reader: Reader, namespace: string, name: string) {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  return (await getObject<ConfigMap>(reader, `ConfigMap ${namespace}/${name}`, path))?.data;
}

const ciliumKeys = ['kube-proxy-replacement'];

/** A key of a ConfigMap that should have YAML; what has none is noted, because checks judge by it. */
function documentIn(reader: Reader, name: string, text: string | undefined): string | undefined {
  if (Object.keys(read(text)).length === 0) {
    reader.doubt(`ConfigMap ${name}`, 'It has no YAML object there, so checks judge as if nothing was set');
  }
  return text;
}

/** Reads the ConfigMaps of kubeadm, kube-proxy and Cilium, and cluster-info. */
export const documents: Part = async (reader) => {
  const [kubeadm, kubeProxy, cilium, info] = await Promise.all([
    configMap(reader, 'kube-system', 'kubeadm-config'),
    configMap(reader, 'kube-system', 'kube-proxy'),
    configMap(reader, 'kube-system', 'cilium-config'),
    configMap(reader, 'kube-public', 'cluster-info'),
  ]);
  return {
    kubeadm:
      kubeadm &&
      readKubeadm(
        documentIn(
          reader,
          'kube-system/kubeadm-config, key ClusterConfiguration',
          kubeadm['ClusterConfiguration'],
        ),
      ),
    kubeProxy:
      kubeProxy &&
      readKubeProxy(documentIn(reader, 'kube-system/kube-proxy, key config.conf', kubeProxy['config.conf'])),
    cilium: cilium && Object.fromEntries(Object.entries(cilium).filter(([key]) => ciliumKeys.includes(key))),
    clusterInfoHost:
      info && readServer(documentIn(reader, 'kube-public/cluster-info, key kubeconfig', info['kubeconfig'])),
  };
};
