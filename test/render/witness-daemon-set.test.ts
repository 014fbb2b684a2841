import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { componentKinds, configOfComponent, configOfProbe, labels } from '../../src/api/metadata.ts';
import { renderedHash } from '../../src/observed/daemon-set.ts';
import { selectorLabels } from '../../src/render/daemon-set.ts';
import { renderWitness, witnessAccount, witnessLabels } from '../../src/render/witness-daemon-set.ts';
import { segmentOfDaemonSet } from '../../src/witness/steps.ts';
import { image } from '../node-world.ts';

const rendered = (nodes: readonly string[] = ['n1', 'n2']) =>
  renderWitness({ segment: '0123abcd', nodes, namespace: 'kube-vip-system', image });
const pod = rendered().spec?.template.spec;

describe('renderWitness', () => {
  it('gives the pod one capability and nothing else', () => {
    expect(pod?.containers[0]?.securityContext).toEqual({
      runAsNonRoot: true,
      runAsGroup: 65532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    });
    expect(pod).toMatchObject({
      hostNetwork: true,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect([pod?.volumes, pod?.containers[0]?.ports]).toEqual([undefined, undefined]);
  });

  it('has an account of its own, which config/rbac makes', () => {
    const [account] = parseAllDocuments(readFileSync('config/rbac/witness.yaml', 'utf8')).map(
      (row) => row.toJS() as { metadata: { name: string } },
    );
    expect([pod?.serviceAccountName, account?.metadata.name]).toEqual([witnessAccount, witnessAccount]);
  });

  it('runs on the nodes that are named, whatever keeps workloads off them', () => {
    const terms =
      pod?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    expect(terms).toEqual(
      ['n1', 'n2'].map((name) => ({
        matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
      })),
    );
    expect(pod?.tolerations).toEqual([
      { operator: 'Exists', effect: 'NoSchedule' },
      { operator: 'Exists', effect: 'NoExecute' },
    ]);
  });

  it('runs the program of the image of the operator, with its pull secrets', () => {
    expect(pod?.containers[0]).toMatchObject({ image: image.image, command: ['/app/dist/witness'] });
    expect(pod?.imagePullSecrets).toEqual([{ name: 'mirror' }]);
  });

  it('tells it its segment, its node and its pod', () => {
    expect(pod?.containers[0]?.env).toEqual([
      { name: 'WITNESS_SEGMENT', value: '0123abcd' },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ]);
  });

  it('has a name that leads to its segment and to no config, and no owner', () => {
    const { name = '', ownerReferences } = rendered().metadata ?? {};
    expect([segmentOfDaemonSet(name), configOfComponent(name), configOfProbe(name), ownerReferences]).toEqual(
      ['0123abcd', undefined, undefined, undefined],
    );
  });

  it('is selected by no label of a component, and selects none', () => {
    for (const component of componentKinds) {
      expect(witnessLabels('0123abcd')).not.toMatchObject(selectorLabels('edge', component));
    }
    expect(witnessLabels('0123abcd')[labels.config]).toBeUndefined();
  });

  it('has another hash on other nodes, and the same on the same', () => {
    expect(renderedHash(rendered())).toBe(renderedHash(rendered()));
    expect(renderedHash(rendered(['n1']))).not.toBe(renderedHash(rendered()));
  });
});
