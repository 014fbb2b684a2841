// What the network itself says of a component under ARP, by its witnesses: who answers, and whether that is the holder alone.
import { familyOf, hostPrefix } from '../../api/addresses.ts';
import { labels, systemNamespace } from '../../api/metadata.ts';
import type { Reason } from '../../api/conditions.ts';
import { list, message, sentences, type Message } from '../../api/words.ts';
import type { Component } from '../../observed/component.ts';
import { isNode, nameOf, nodeOf } from '../../observed/pods.ts';
import type { AddressVerdict, Owner } from '../../observed/witness/witnessed.ts';
import type { Check, Problem } from '../../modes/check.ts';

const nameOfOwner = ({ node, mac }: Owner): string => node ?? `a machine with MAC ${mac}`;

/** For example `The witnesses on n4, n5 hear it`. */
const heardBy = ({ witnesses }: AddressVerdict, what: string): string =>
  `The witness${witnesses.length > 1 ? 'es' : ''} on ${list(witnesses)} hear${witnesses.length > 1 ? '' : 's'} ${what}`;

const place = ({ interface: nic }: Owner): string => nic ?? 'INTERFACE';

/** The command that takes an address off, on its node. */
export const takeOff = (address: string, nic: string): string =>
  `ip address delete ${address}/${hostPrefix(familyOf(address) ?? 'IPv4')} dev ${nic}`;

/** Of the nodes that answer, those that do not hold the Lease. */
const wrongOwners = ({ holder }: Component, { owners }: AddressVerdict): readonly Owner[] =>
  owners.filter(({ node }) => node !== undefined && (holder === '' || !isNode(holder, node)));

function howToEnd(component: Component, { address, ...verdict }: AddressVerdict): string {
  const [wrong] = wrongOwners(component, { address, ...verdict });
  const pod = component.pods.find((row) => nodeOf(row) === wrong?.node);
  const byHand = `take it off on ${wrong?.node} with ${takeOff(address, wrong ? place(wrong) : 'INTERFACE')}`;
  return pod === undefined
    ? byHand
    : `run kubectl -n ${systemNamespace} delete pod ${nameOf(pod)} --grace-period=1, unless spec.remedy lets the operator do it. When it answers still, ${byHand}`;
}

const held = ({ holder, name }: Component): string =>
  holder === ''
    ? `no node, because no node holds Lease ${name}`
    : `${holder} alone, which holds Lease ${name}`;

function sayTwo(component: Component, verdict: AddressVerdict): Message {
  const { address, owners } = verdict;
  const names = list(owners.map(nameOfOwner));
  const and = list(owners.map(nameOfOwner)).replace(/, ([^,]*)$/, ' and $1');
  return message([`${address}: ${and} answer for it`, `${address}: several nodes answer for it`], {
    detail: sentences(`Expected ${held(component)}, found ${names}`, heardBy(verdict, 'all of them')),
    todo: howToEnd(component, verdict),
  });
}

// RFC 9568 has these for virtual routers.
const isVirtualRouter = (mac: string): boolean => /^00:00:5e:00:0[12]:/.test(mac);

function sayStranger(component: Component, verdict: AddressVerdict): Message {
  const { address, owners } = verdict;
  const stranger = owners.find(({ node }) => node === undefined);
  const mac = stranger?.mac ?? '';
  const nodes = owners.flatMap(({ node }) => node ?? []);
  const beside = nodes.length === 0 ? '' : `, as ${list(nodes)} does`;
  return message(
    [
      `${address}: ${mac}, which no node has, answers for it${beside}`,
      `${address}: ${mac}, which no node has, answers`,
      `${mac} answers for an address of ours`,
    ],
    {
      detail: sentences(
        `Expected ${held(component)}, found a machine with MAC ${mac}`,
        'The nodes were asked again, and none of them has this MAC',
        isVirtualRouter(mac) ? 'It is the MAC of a virtual router (VRRP)' : '',
        heardBy(verdict, 'it'),
      ),
      todo: `look for ${mac} in the address table of the switch, and take ${address} off that machine`,
    },
  );
}

function sayAnother(component: Component, verdict: AddressVerdict): Message {
  const { address, owners } = verdict;
  const names = list(owners.map(nameOfOwner));
  const { holder, name } = component;
  return message(
    [
      `${address}: ${names} answers for it, and ${holder} does not, though it holds the Lease`,
      `${address}: ${names} answers for it, and the holder does not`,
      `${address}: another node than the holder answers`,
    ],
    {
      detail: sentences(
        `Expected ${holder}, which holds Lease ${name}, found ${names}`,
        heardBy(verdict, `${names} alone`),
      ),
      todo: `look at the log of the kube-vip pod on ${holder}, which should have the address. ${howToEnd(component, verdict).replace(/^./, (first) => first.toUpperCase())}`,
    },
  );
}

function sayNobody({ holder, name, holderPod }: Component, verdict: AddressVerdict): Message {
  const { address } = verdict;
  return message(
    [
      `${address}: no machine answers for it, though ${holder} holds the Lease`,
      `${address}: no machine answers for it`,
    ],
    {
      detail: sentences(
        `Expected ${holder}, which holds Lease ${name}, found that no machine answers on the network`,
        heardBy(verdict, 'nothing'),
      ),
      todo: `look for ${address} on ${holder} with ip address show, and at the log of ${holderPod ? `pod ${nameOf(holderPod)}` : 'its kube-vip pod'}`,
    },
  );
}

type Say = (component: Component, verdict: AddressVerdict) => Message;

const wrong = {
  two: { reason: 'TwoNodesAnswer', say: sayTwo },
  stranger: { reason: 'StrangerAnswers', say: sayStranger },
  another: { reason: 'AnotherAnswers', say: sayAnother },
} as const satisfies Partial<Record<AddressVerdict['kind'], { readonly reason: Reason; readonly say: Say }>>;

/** An address for which several answer, or another than should. */
export type WrongKind = keyof typeof wrong;

/** Of a component, what is said of each address that has such a verdict. */
export const sayWrong =
  (kind: WrongKind) =>
  (component: Component): readonly Message[] =>
    (component.witnessed?.verdicts ?? [])
      .filter((verdict) => verdict.kind === kind)
      .map((verdict) => wrong[kind].say(component, verdict));

function problemOf(kind: WrongKind, component: Component): Problem | undefined {
  const [first] = sayWrong(kind)(component);
  return first && { reason: wrong[kind].reason, passing: true, ...first };
}

/** Two nodes of the cluster answer for an address. */
export const twoNodesAnswer: Check = (component) => problemOf('two', component);
/** A machine that is no node answers for an address. */
export const strangerAnswers: Check = (component) => problemOf('stranger', component);
/** The holder does not answer, and another node does. */
export const anotherAnswers: Check = (component) => problemOf('another', component);

/** No machine answers for a control-plane address. That of one Service among many is said and holds nothing up. */
export const nothingAnswers: Check = (component) => {
  const { kind, holder, witnessed } = component;
  const first = witnessed?.verdicts.find((verdict) => verdict.kind === 'nobody');
  return kind === 'services' || holder === '' || first === undefined
    ? undefined
    : { reason: 'AddressSilent', passing: true, ...sayNobody(component, first) };
};

function doubtOfVerdict({ address, kind, owners, why, deaf }: AddressVerdict): string {
  if (kind === 'unknown') {
    return `It is not known who answers for ${address}: ${why}`;
  }
  if (kind === 'unrecognised') {
    const macs = owners.flatMap(({ node, mac }) => (node === undefined ? mac : []));
    return `${list(macs)} answers for ${address}, and no node has told yet that it has this MAC`;
  }
  return deaf.length === 0
    ? ''
    : `The witness on ${list(deaf)} hears no answer for ${address}, and another does. Look at the network between them`;
}

const lookAtWitnesses = `See kubectl -n ${systemNamespace} describe daemonsets,pods -l ${labels.witness}, and the logs of these pods`;

/** What the witnesses of a component cannot tell, or find odd without an accusation, in sentences. */
function doubts({ witnessed, kind, uncovered = [] }: Component): readonly string[] {
  const { verdicts = [], silent = [] } = witnessed ?? {};
  const unanswered = verdicts.filter((verdict) => verdict.kind === 'nobody').map(({ address }) => address);
  return [
    ...verdicts.map(doubtOfVerdict),
    kind === 'services' && unanswered.length > 0
      ? `No machine answers for the Service address${unanswered.length > 1 ? 'es' : ''} ${list(unanswered)}`
      : '',
    ...silent.map((row) => `Nothing is known from the witness on ${row}`),
    silent.length === 0 ? '' : lookAtWitnesses,
    ...uncovered.map(
      ({ addresses, because }) => `No witness can tell who answers for ${list(addresses)}: ${because}`,
    ),
  ];
}

/** What Ready says of the network: who hears the holder alone, and what is not known; empty where no witness shall tell. */
export function sayNetwork(component: Component): string {
  const { witnessed, holder } = component;
  const { heard = [], isProven = false } = witnessed ?? {};
  const many = heard.length > 1;
  const proof = isProven
    ? `The witness${many ? 'es' : ''} on ${list(heard)} hear${many ? '' : 's'} ${holder} alone`
    : '';
  return sentences(proof, ...doubts(component));
}

/** Whether the network says that the holder answers alone, for all that a component claims. */
export const isProvenAlone = ({ witnessed }: Component): boolean => witnessed?.isProven ?? false;
