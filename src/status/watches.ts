// Everything that conditions are told by, as one value: a test leaves a row out, to show that nothing else tells it.
import { programmingChecks, readinessChecks, type Check } from './checks.ts';
import { deletionChecks, type DeletionCheck } from './deletion.ts';
import { duplicates, type Duplicate } from './duplicate-owner.ts';
import { reports, type Report } from './known-hazard.ts';
import { removalChecks } from './removal.ts';

export interface Watches {
  readonly programming: readonly Check[];
  readonly readiness: readonly Check[];
  readonly deletion: readonly DeletionCheck[];
  readonly removal: readonly DeletionCheck[];
  readonly duplicates: readonly Duplicate[];
  readonly reports: readonly Report[];
}

export const watches: Watches = {
  programming: programmingChecks,
  readiness: readinessChecks,
  deletion: deletionChecks,
  removal: removalChecks,
  duplicates,
  reports,
};
