// The probe of a node, a program of its own: looks, writes one report, ends. It has no rights on the node and no
// token. The kubelet puts the report into the status of the pod, which the operator watches anyway.
import { writeFileSync } from 'node:fs';
import { requestVariable, type NodeReport, type ProbeRequest } from '../api/node-report.ts';
import { measureApi } from './api-server.ts';
import { boundAddresses, gateways, lookAtInterface, lookAtMacs, placesOf } from './interfaces.ts';
import { whoAnswers } from './neighbours.ts';
import { takenPorts } from './ports.ts';

const terminationLog = '/dev/termination-log';

async function look(request: ProbeRequest, env: NodeJS.ProcessEnv): Promise<NodeReport> {
  const bound = boundAddresses(request.addresses);
  const others = request.addresses.filter((address) => !bound.includes(address));
  const [answered, taken, api] = await Promise.all([
    whoAnswers(others, request.connectPort),
    takenPorts(request.ports),
    measureApi(env['KUBERNETES_SERVICE_HOST'] ?? '', env['KUBERNETES_SERVICE_PORT'] ?? '443'),
  ]);
  return {
    run: request.run,
    ...lookAtInterface(request),
    macs: lookAtMacs(),
    bound,
    ...(bound.length > 0 && { places: placesOf(bound) }),
    answered,
    gateways: gateways(),
    takenPorts: taken,
    ...api,
  };
}

// The first process of a container has no default action for a signal: it would sit out its grace period.
process.on('SIGTERM', () => process.exit(0));

const request = JSON.parse(process.env[requestVariable] ?? '{}') as ProbeRequest;
const report = JSON.stringify(await look(request, process.env));
process.stdout.write(`${report}\n`);
writeFileSync(terminationLog, report);
// A connection that nobody answers may still be open.
process.exit(0);
