// The witness as it is shipped: in the operator's image, in a pod without root, with one capability. It reads its
// questions from a real API server and answers there.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLab, type Lab } from './lab.ts';
import { plugIn } from './outsider.ts';
import { waitFor } from './process.ts';
import { questionsManifest, readAnswers, readLease, witnessManifest } from './witness-pod.ts';
import type { Answers } from './witnessing.ts';

const address = '203.0.113.100';
const questions = (revision: string, ...control: readonly string[]): object => ({
  v: 1,
  revision,
  subnets: ['203.0.113.0/24'],
  control: control.map((one) => ({ address: one })),
  groups: [],
});

/** What the kernel says of the processes that run the witness. */
function statusOfWitnesses(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isWitness = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').startsWith('/app/dist/witness');
        return isWitness ? [readFileSync(join('/proc', pid, 'status'), 'utf8')] : [];
      } catch {
        return [];
      }
    });
}

const often = { seconds: 60, everyMs: 50 };

describe('a witness in a pod', () => {
  let lab: Lab;

  const ownersOf = async (node: string): Promise<readonly string[]> =>
    (await readAnswers<Answers>(lab, node))?.control[0]?.owners.map(({ mac }) => mac) ?? [];
  const untilOwners = (what: string, check: (owners: readonly string[]) => boolean): Promise<void> =>
    waitFor(what, async () => check(await ownersOf('n3')), often);

  beforeAll(async () => {
    lab = await startLab({ nodes: 3, controlPlanes: 1, log: (line) => process.stdout.write(`${line}\n`) });
    await lab.kubectl('apply', '-k', join(import.meta.dirname, '..', '..', 'config', 'namespace'));
    await lab.apply(questionsManifest(questions('one', address)));
  }, 900_000);

  afterAll(async () => {
    await lab?.stop();
  }, 60_000);

  it('opens its sockets without root and without new privileges, and names the node that has the address', async () => {
    await lab.exec('n1', ['ip', 'address', 'add', `${address}/32`, 'dev', 'eth0']);
    await lab.apply(witnessManifest({ node: 'n3', capabilities: ['NET_RAW'] }));
    const shown = await lab.exec('n1', ['ip', '-j', 'link', 'show', 'eth0']);
    const [{ address: mac } = { address: '' }] = JSON.parse(shown) as { address: string }[];
    await untilOwners('the owner', (owners) => owners[0] === mac);
    const answers = await readAnswers<Answers>(lab, 'n3');
    expect(answers).toMatchObject({
      v: 1,
      revision: 'one',
      pod: 'witness-n3',
      interface: 'eth0',
      trouble: '',
    });
    expect((await readLease(lab, 'n3')).spec.holderIdentity).toBe('witness-n3');
    const [status = ''] = statusOfWitnesses();
    expect(status).toMatch(/^Uid:\t65532\t65532/m);
    expect(status).toMatch(/^CapEff:\t0000000000002000$/m);
    expect(status).toMatch(/^CapBnd:\t0000000000002000$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  }, 120_000);

  it('says in its Lease that a second one answers', async () => {
    const outsider = await plugIn(lab, address);
    const begin = Date.now();
    await untilOwners('two owners', (owners) => owners.includes(outsider.mac) && owners.length === 2);
    process.stdout.write(`a second owner is in the Lease after ${Date.now() - begin} ms\n`);
    await outsider.leave();
    const left = Date.now();
    await untilOwners('one owner', (owners) => owners.length === 1);
    process.stdout.write(`its end is in the Lease after ${Date.now() - left} ms\n`);
    expect(await ownersOf('n3')).not.toContain(outsider.mac);
  }, 120_000);

  it('renews its Lease while nothing changes, and no more often than every five seconds', async () => {
    const count = async (): Promise<number> => (await readAnswers<Answers>(lab, 'n3'))?.seq ?? 0;
    const before = await count();
    await waitFor('four more answers', async () => (await count()) >= before + 4, often);
    const [first, begin] = [await count(), Date.now()];
    await waitFor('two more', async () => (await count()) >= first + 2, often);
    expect(Date.now() - begin).toBeGreaterThan(8_000);
  }, 120_000);

  it('takes other questions at once', async () => {
    await lab.apply(questionsManifest(questions('two', '203.0.113.101')));
    const begin = Date.now();
    await waitFor(
      'the answers',
      async () => (await readAnswers<Answers>(lab, 'n3'))?.revision === 'two',
      often,
    );
    process.stdout.write(`other questions are answered after ${Date.now() - begin} ms\n`);
    expect((await readAnswers<Answers>(lab, 'n3'))?.control.map((one) => one.address)).toEqual([
      '203.0.113.101',
    ]);
  }, 60_000);

  it('says that its questions are gone', async () => {
    await lab.kubectl('-n', 'kube-vip-system', 'delete', 'configmap', 'kube-vip-witness.0a1b2c3d');
    await waitFor(
      'the trouble',
      async () =>
        (await readAnswers<Answers>(lab, 'n3'))?.trouble.startsWith('there are no questions') ?? false,
      often,
    );
    expect((await readAnswers<Answers>(lab, 'n3'))?.control).toEqual([]);
  }, 60_000);

  it('does not start where NET_RAW is refused, and the pod says so', async () => {
    await lab.apply(witnessManifest({ node: 'n2', capabilities: [] }));
    const log = (): Promise<string> =>
      lab.kubectl('-n', 'kube-vip-system', 'logs', 'witness-n2').catch(String);
    await waitFor('its log', async () => /witness: operation not permitted/.test(await log()), often);
    expect(await readAnswers<Answers>(lab, 'n2')).toBeUndefined();
  }, 120_000);
});
