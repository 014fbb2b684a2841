// The lab by hand: `node test/lab/cli.ts up | down | status | check`.
import { parseArgs } from 'node:util';
import { attachLab, startLab } from './lab.ts';
import { missingPackages, problems } from './preflight.ts';
import { destroy, listRuns } from './state.ts';

const usage = `usage: node test/lab/cli.ts COMMAND
  up [--nodes 3] [--control-planes 2]   start a cluster, leave it running
  down                                  end every lab on this machine that was left running
  status                                labs on this machine, and how to reach them
  check                                 whether this machine can run the lab; says what is missing
  packages                              names of missing packages, for apt-get install
`;

const print = (line: string) => process.stdout.write(`${line}\n`);

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  async up(args) {
    const { values } = parseArgs({
      args,
      options: { nodes: { type: 'string' }, 'control-planes': { type: 'string' } },
    });
    const nodes = Number(values.nodes ?? 3);
    const controlPlanes = Number(values['control-planes'] ?? Math.min(2, nodes));
    await startLab({ nodes, controlPlanes, log: print, outlive: true });
    await commands['status']?.([]);
  },
  async down() {
    const runs = listRuns();
    if (runs.length === 0) print('no lab is running');
    for (const run of runs) {
      await destroy(run);
      print(`ended lab ${run.id}`);
    }
  },
  async status() {
    const runs = listRuns();
    for (const run of runs) {
      const { kubeconfig, kubectlPath, dir, nodes } = attachLab(run.dir);
      print(`lab ${run.id}: ${nodes.map(({ name, address }) => `${name} (${address})`).join(', ')}`);
      print(`  logs:    ${dir}`);
      print(`  kubectl: export KUBECONFIG=${kubeconfig}; ${kubectlPath} get nodes`);
      print(`  a node:  nsenter --net=/run/netns/${nodes[0]?.netns} ip address`);
    }
    print(runs.length === 0 ? 'no lab is running' : '  end it:  make lab-down, or node test/lab/cli.ts down');
    await Promise.resolve();
  },
  async check() {
    const found = await problems();
    for (const problem of found) print(problem);
    if (found.length > 0) process.exitCode = 1;
    else print('this machine can run the lab');
  },
  async packages() {
    print(missingPackages().join(' '));
    await Promise.resolve();
  },
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  // A failed start has one cause and often a remedy; where in the lab it was noticed helps nobody.
  await command(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
