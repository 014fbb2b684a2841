// What a Service has and would not get today: it is said, and never taken.
import type { Candidate, Refusal } from './candidate.ts';
import { refusalOf } from './checks.ts';
import { field, nothing, placeOf, warning, type Decision, type Told } from './decision.ts';
import { valueOf, type GrantFacts, type Server } from './grounds.ts';
import type { Standing } from './standing.ts';
import { unpublished } from './unpublished.ts';

/** Of an address that stays, what was expected and what was found. */
export function keptNote({ wanted, server }: Candidate, { found }: Refusal): string {
  return `${wanted.address} stays: expected it free in a pool of ${placeOf(server)}, found ${found}; change ${field} to have another`;
}

/** What becomes of a Service that has what it shall have. */
export function stays(asker: Standing, server: Server, facts: GrantFacts): Decision {
  const kept = keptOf(asker, server, facts);
  const waits = unpublished(asker, server, facts) ?? nothing;
  return { ...waits, told: [...waits.told, ...kept] };
}

/** Addresses that it has and would not get: said, never taken. Without pools nothing could be granted, and nothing is said. */
function keptOf(asker: Standing, server: Server, facts: GrantFacts): readonly Told[] {
  if (server.offer === '' || server.hindrance !== undefined) {
    return [];
  }
  const all = asker.granted.size > 0 ? asker.granted : asker.held;
  return [...asker.held].flatMap((address) => {
    const candidate = { asker, server, all, wanted: { address, ...valueOf(address) } };
    const refusal = refusalOf(candidate, facts);
    // What rests for others is no matter to who has it.
    return refusal && refusal.afterSeconds === undefined
      ? [warning('AddressKept', keptNote(candidate, refusal))]
      : [];
  });
}
