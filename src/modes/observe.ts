// The one way to an Observed: the mode of a KubeVipConfig tells who holds.
import { observeWith, type Observed } from '../observed/observed.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { arp } from './arp/arp.ts';

/** What is true of the KubeVipConfig of a Snapshot. */
export const observe = (snapshot: Snapshot): Observed => observeWith(snapshot, arp.holders.of);
