// A Service that asks for nothing. What it was given without asking it keeps for its life: a restart, another pool of the spec, or
// another order of the pools takes nothing from it. What it asked for and asks for no more goes, unless it could be given it anyway.
import { assign } from './assign.ts';
import { nothing, placeOf, type Decision } from './decision.ts';
import { valueOf, type GrantFacts, type Server } from './grounds.ts';
import { stays } from './kept.ts';
import { poolsToChoose, poolWith } from './pools.ts';
import { familiesToChoose, isUnderWay, type Standing } from './standing.ts';

/** What was asked for before becomes what the operator would choose: it stays, and no more is asked of anybody. */
function adopted(asker: Standing, server: Server): Decision | undefined {
  const open = poolsToChoose(server.offers, asker);
  const pools = [...asker.granted].map((address) => poolWith(open, valueOf(address)));
  const names = pools.flatMap((pool) => pool?.name ?? []);
  if (asker.grant === undefined || names.length === 0 || names.length < pools.length) {
    return undefined;
  }
  const note = `${asker.grant} is not asked for any more, and stays until the Service is deleted: pool ${[...new Set(names)].join(' and ')} of ${placeOf(server)} gives it addresses that it does not ask for.`;
  return {
    grant: asker.grant,
    assigned: [...new Set(names)].join(','),
    told: [{ type: 'Normal', reason: 'AddressAssigned', note }],
    isWaiting: false,
  };
}

// Between the grant and what kube-vip publishes only the grant tells that a node may have the address. Without it the type of the
// Service could change, and the address would stay on the node of a Service that nobody knows (lab run, v1.1.2). However long that
// takes, and whether a kube-vip leads or not: one that hangs binds the address when it goes on, and a next one may have read it.
function withdrawn(asker: Standing): Decision {
  if (isUnderWay(asker)) {
    const note = `${asker.grant} is not asked for any more, and stays until kube-vip has published it: it may be binding it now. Delete the Service to give it up sooner.`;
    return { ...nothing, told: [{ type: 'Normal', reason: 'GrantWaits', note }] };
  }
  const note = `${asker.grant} is not asked for any more. kube-vip may keep what it has published until the Service is deleted.`;
  return { grant: null, told: [{ type: 'Normal', reason: 'AddressWithdrawn', note }], isWaiting: false };
}

/** What becomes of a Service of a class of ours that asks for nothing. */
export function withoutRequest(asker: Standing, server: Server, facts: GrantFacts): Decision {
  if (familiesToChoose(asker).length > 0) {
    return assign(asker, server, facts);
  }
  if (asker.grant === undefined || !asker.isGrantOurs || asker.isAssigned) {
    return stays(asker, server, facts);
  }
  return adopted(asker, server) ?? withdrawn(asker);
}
