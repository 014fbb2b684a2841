// Everything that is known to go wrong with kube-vip, and what stops it here. docs/hazards.md is made of this.
import { addressHazards } from './hazards/address.ts';
import { bootstrapHazards } from './hazards/bootstrap.ts';
import { electionHazards } from './hazards/election.ts';
import { featureHazards } from './hazards/features.ts';
import { interfaceHazards } from './hazards/interface.ts';
import { leftOverHazards } from './hazards/left-over.ts';
import { neighbourHazards } from './hazards/neighbours.ts';
import { tenantHazards } from './hazards/tenants.ts';
import type { Hazard, Theme } from './hazards/row.ts';

/** The hazards of each theme, in the order in which they are documented. */
export const hazardsByTheme: Readonly<Record<Theme, readonly Hazard[]>> = {
  address: [...addressHazards, ...leftOverHazards, ...tenantHazards],
  election: electionHazards,
  bootstrap: bootstrapHazards,
  interface: interfaceHazards,
  neighbours: neighbourHazards,
  features: featureHazards,
};

/** Every known hazard, in the order of docs/hazards.md. */
export const hazards: readonly Hazard[] = Object.values(hazardsByTheme).flat();
