// The order of the files of a jest run: those that take minutes begin first, so that none runs alone at the end. jest
// itself knows how long each took only where it ran before.
import Sequencer from '@jest/test-sequencer';

const longest = [
  'test/lab/on-nodes',
  'test/lab/node-probe',
  'test/api-server/faults/kill-change',
  'test/lab/deletion',
  'test/api-server/faults/kill',
  'test/lab/old-releases',
  'test/lab/pages',
  'test/lab/diagnosis',
  'test/api-server/faults/many',
  'test/lab/status',
  'test/lab/upgrade',
  'test/api-server/faults/outage',
  'test/lab/releases',
  'test/lab/chart',
  'test/api-server/leadership',
  'test/lab/operator',
  'test/api-server/rest',
  'test/api-server/traffic',
  'test/lab/adoption',
  'test/api-server/changed-on-admission',
  'test/lab/lab',
  'test/api-server/faults/half-open',
  'test/lab/outage/outage',
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
