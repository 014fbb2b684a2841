// What kubeadm notes of a cluster, true of the lab: preflight judges by it, and warns where nothing says it.
import { podRange } from './network.ts';

const configMap = (name: string, data: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'kube-system', name },
  data,
});

const networking = { podSubnet: podRange, serviceSubnet: '198.51.100.0/24' };

/** ConfigMaps for `kubectl apply`. */
export const kubeadmNotes = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    configMap('kubeadm-config', {
      ClusterConfiguration: JSON.stringify({ kind: 'ClusterConfiguration', networking }),
    }),
    configMap('kube-proxy', { 'config.conf': JSON.stringify({ mode: 'nftables' }) }),
  ],
});
