// The order of the files of a jest run: those that take minutes begin first, so that none runs alone at the end. jest
// itself knows how long each took only where it ran before.
import Sequencer from '@jest/test-sequencer';

const longest = [
  'test/lab/on-nodes',
  'test/lab/node-probe',
  'test/lab/deletion',
  'test/lab/old-releases',
  'test/lab/diagnosis',
  'test/lab/status',
  'test/lab/pages',
  'test/lab/upgrade',
  'test/lab/releases',
  'test/lab/chart',
  'test/lab/operator',
  'test/lab/rollout',
  'test/api-server/faults/kill-change',
  'test/api-server/faults/rollout',
  'test/api-server/faults/kill',
  'test/api-server/faults/many',
  'test/api-server/faults/outage',
  'test/api-server/leadership',
  'test/api-server/traffic',
  'test/api-server/changed-on-admission',
  'test/api-server/faults/half-open',
  'test/api-server/diagnosis',
  'test/api-server/faults/facts',
  'test/api-server/faults/restore',
  'test/api-server/trouble',
  'test/api-server/faults/clock',
].map((path) => `/${path}.test.ts`);

const placeOf = ({ path }) => {
  const place = longest.findIndex((name) => path.endsWith(name));
  return place < 0 ? longest.length : place;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
  }
}
