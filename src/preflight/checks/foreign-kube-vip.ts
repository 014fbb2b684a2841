// Checks of another kube-vip in the cluster: what adoption would have to take over.
import type { Workload } from '../../observed/neighbours/survey.ts';
import { familyOf } from '../../api/addresses.ts';
import { sentences } from '../../api/words.ts';
import * as foreign from '../../observed/neighbours/foreign-kube-vip.ts';
import { workloadName } from '../../observed/neighbours/workload.ts';
import { configName, vipsOf, type Check, type Facts, type Finding } from './check.ts';

/** Mode, Lease, where it runs, and what is known against it. */
function sayOf(workload: Workload): string {
  const ids = foreign.hazardsOf(workload).map(({ id }) => id);
  const avoided = foreign.avoidedBecause(workload);
  const against = [...(ids.length > 0 ? [`It has hazards ${ids.join(', ')}`] : []), avoided];
  const node = workload.node === undefined ? '' : ` on node ${workload.node}`;
  const where = workload.owner === undefined ? node : `${node}, of ${workload.owner}`;
  return sentences(`It runs in ${foreign.describe(workload)}${where}`, ...against);
}

const sameVip = (facts: Facts, workload: Workload): string | undefined =>
  foreign.addressesOf(workload).find((address) => vipsOf(facts).includes(address));

const sharesClass = ({ spec }: Facts, workload: Workload): boolean =>
  spec.services !== undefined && foreign.classOf(workload) === spec.services.loadBalancerClass;

function withOurVip(facts: Facts): readonly Finding[] {
  return foreign.foreignKubeVips(facts.survey).flatMap((workload) => {
    const vip = sameVip(facts, workload);
    return vip === undefined
      ? []
      : [
          {
            object: workloadName(workload),
            found: `is a kube-vip with ${vip}`,
            detail: sayOf(workload),
            expected: `no other kube-vip with the virtual address of ${configName(facts)}`,
            todo: foreign.handOver(workload),
          },
        ];
  });
}

function withOurClass(facts: Facts): readonly Finding[] {
  return foreign
    .foreignKubeVips(facts.survey)
    .filter((workload) => sharesClass(facts, workload))
    .map((workload) => ({
      object: workloadName(workload),
      found: `is a kube-vip for class ${facts.spec.services?.loadBalancerClass}`,
      detail: sayOf(workload),
      expected: `no other kube-vip for the class of ${configName(facts)}`,
      todo: foreign.handOver(workload),
    }));
}

const isHidden = ({ unclear = [] }: Workload, ...names: readonly string[]): boolean =>
  names.some((name) => unclear.includes(name));

/** Why it cannot be judged whether a kube-vip has a virtual address, or undefined. */
function hiddenAddress(workload: Workload): string | undefined {
  const texts = foreign.addressesOf(workload);
  const name = texts.find((text) => familyOf(text) === undefined && !text.includes('$('));
  if (name !== undefined) {
    return `has ${name.length > 16 ? 'a name' : `the name ${name}`} for its address`;
  }
  const names = texts.length > 0 ? ['address', 'vip_address'] : ['address', 'vip_address', 'envFrom'];
  return isHidden(workload, ...names) ? 'does not say its address in its template' : undefined;
}

/** The same of the class. */
function hiddenClass(workload: Workload): string | undefined {
  const names = ['svc_enable', 'lb_class_name'];
  const isSaid = foreign.classOf(workload) !== undefined && foreign.classOf(workload) !== '';
  return isHidden(workload, ...names, ...(isSaid ? [] : ['envFrom']))
    ? 'does not say its class in its template'
    : undefined;
}

function unclear(facts: Facts): readonly Finding[] {
  return foreign.foreignKubeVips(facts.survey).flatMap((workload) => {
    const isAsked = vipsOf(facts).length > 0 && sameVip(facts, workload) === undefined;
    const address = isAsked ? hiddenAddress(workload) : undefined;
    const isServing = facts.spec.services !== undefined && !sharesClass(facts, workload);
    const found = address ?? (isServing ? hiddenClass(workload) : undefined);
    return found === undefined
      ? []
      : [
          {
            object: workloadName(workload),
            found: `is a kube-vip that ${found}`,
            detail: sentences(
              `So it cannot be judged whether it has an address or the class of ${configName(facts)}`,
              sayOf(workload),
            ),
            expected: 'literal values of address, lb_class_name and svc_enable',
          },
        ];
  });
}

function unsafe(facts: Facts): readonly Finding[] {
  return foreign
    .foreignKubeVips(facts.survey)
    .filter((workload) => sameVip(facts, workload) === undefined && !sharesClass(facts, workload))
    .filter((workload) => foreign.servesServices(workload) && !foreign.hasClassFilter(workload))
    .map((workload) => ({
      object: workloadName(workload),
      found: 'is a kube-vip that serves Services without a class',
      detail: sayOf(workload),
      expected:
        'every kube-vip of the cluster to serve Services of one class only (lb_class_only=true, or from v0.8.1 on lb_class_legacy_handling=false, and a lb_class_name)',
    }));
}

function unseen({ survey }: Facts): readonly Finding[] {
  // A kube-vip that is seen explains a Lease under the default names.
  const held = foreign.foreignKubeVips(survey).length > 0 ? [] : survey.foreignLeases;
  return held
    .filter(({ isFresh, holder }) => isFresh && holder !== '')
    .map(({ namespace, name, holder }) => ({
      object: `Lease/${namespace}/${name}`,
      found: `is renewed by ${holder}, and no kube-vip is seen`,
      expected: 'no holder of a Lease with a default name of kube-vip where no kube-vip is seen',
    }));
}

/** Whether a kube-vip that this operator did not make gets in the way. */
export const foreignKubeVipChecks: readonly Check[] = [
  {
    id: 'foreign-kube-vip-has-vip',
    question: 'Does a workload or static pod of another kube-vip have a virtual address?',
    severity: 'blocks',
    holds: 'control-plane',
    by: 'tenant',
    find: withOurVip,
    remedy: 'stop the other kube-vip, the holder last. The address then comes over by itself',
    links: ['two-installs-same-vip', 'rename-daemonset', 'super-admin-conf'],
  },
  {
    id: 'foreign-kube-vip-has-class',
    question: 'Does another kube-vip serve the class?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: withOurClass,
    remedy: 'stop the other kube-vip, or give it another lb_class_name',
    links: ['lb-class-conflict'],
  },
  {
    id: 'foreign-kube-vip-is-unclear',
    question: 'Does each other kube-vip say its address and its class?',
    severity: 'warns',
    find: unclear,
    remedy: 'look up what it has. When that is of no KubeVipConfig, acknowledge this',
    links: ['two-installs-same-vip', 'lb-class-conflict'],
  },
  {
    id: 'foreign-kube-vip-is-unsafe',
    question: 'Does another kube-vip serve Services without a class?',
    severity: 'warns',
    find: unsafe,
    remedy: 'set lb_class_only=true and lb_class_name there, or let a KubeVipConfig serve these Services',
    links: ['foreign-status-adopted', 'kube-vip/kube-vip#752'],
  },
  {
    id: 'foreign-kube-vip-is-unseen',
    question: 'Does a program renew a Lease of kube-vip that no workload explains?',
    severity: 'warns',
    find: unseen,
    remedy:
      'look on that node for a kube-vip outside Kubernetes, or for a static pod without a mirror, and for its address',
    links: ['two-installs-same-vip'],
  },
];
