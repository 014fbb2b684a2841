// After the last test of a lab.
import { restoreInotifyLimit } from './inotify.ts';
import { removePreparedImages } from './prepared-images.ts';
import { listRuns } from './state.ts';

export default function tearDown(): void {
  removePreparedImages();
  // Another run on this machine, of another checkout, may need it.
  if (listRuns().length === 0) restoreInotifyLimit();
}
