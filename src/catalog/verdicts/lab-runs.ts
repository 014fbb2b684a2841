// Which releases were seen at work in the lab with the real program.
import type { Version } from '../../catalog/releases.ts';
import type { Feature } from './row.ts';

const oneAddress = [
  'v0.6.4',
  'v0.8.7',
  'v0.8.9',
  'v0.8.10',
  'v0.9.0',
  'v0.9.1',
  'v0.9.2',
  'v1.0.0',
  'v1.0.1',
  'v1.0.2',
  'v1.0.3',
  'v1.0.4',
  'v1.1.1',
  'v1.1.2',
  'v1.2.0',
  'v1.2.1',
  'v1.2.3',
] as const satisfies readonly Version[];

const notForServices: readonly Version[] = ['v0.8.9', 'v1.2.0', 'v1.2.1', 'v1.2.3'];

/** Each address was on exactly one node, the one that the Lease names, as this operator renders the release. */
export const seenInLab: Readonly<Record<Feature, readonly Version[]>> = {
  'control-plane': oneAddress,
  'control-plane-dual-stack': oneAddress.filter((version) => version !== 'v0.6.4'),
  services: oneAddress.filter((version) => !notForServices.includes(version)),
};

/**
 * Releases whose control-plane address was still there after their pods were only ended. With the Lease taken first, as a
 * deletion does, no release left one: 17 releases with their Services, and these six times each.
 */
export const leftAddressInLab: readonly Version[] = ['v0.6.4', 'v0.8.7', 'v0.8.9'];
