// The options of src/options.ts. A flag is only written where its value is another than the operator's own.
import { logLevels } from '../../src/options.ts';
import { onOff, port, seconds } from './schema.ts';
import { inDeployment, pod, type ValueRow } from './value-row.ts';

/** Values that are flags of the operator. */
export const optionValues: readonly ValueRow[] = [
  {
    value: 'options.logLevel',
    schema: { type: 'string', enum: logLevels },
    standard: 'info',
    meaning: 'The least severity that the operator logs.',
    flag: 'log-level',
  },
  {
    value: 'options.healthPort',
    schema: port,
    standard: 8081,
    meaning: 'Port of `/healthz` and `/readyz`.',
    flag: 'health-port',
    places: [inDeployment(`${pod}.containers.0.ports.0.containerPort`)],
  },
  {
    value: 'options.metricsPort',
    schema: port,
    standard: 8080,
    meaning: 'Port of `/metrics`.',
    flag: 'metrics-port',
    places: [inDeployment(`${pod}.containers.0.ports.1.containerPort`)],
  },
  {
    value: 'options.resyncSeconds',
    schema: seconds,
    standard: 600,
    meaning: 'Seconds between two full compares of every object.',
    flag: 'resync-seconds',
  },
  {
    value: 'options.stuckSeconds',
    schema: seconds,
    standard: 120,
    meaning: 'Seconds after which a reconcile that has not ended fails `/healthz`.',
    flag: 'stuck-seconds',
  },
  {
    value: 'options.lostSeconds',
    schema: seconds,
    standard: 60,
    meaning: 'Seconds after which a watch that fails makes the operator not ready.',
    flag: 'lost-seconds',
  },
  {
    value: 'options.probeAddresses',
    schema: onOff,
    standard: true,
    meaning:
      'Whether the operator dials the addresses. False where a proxy between it and the nodes answers for every address. Then Services are granted addresses that were not asked about.',
    flag: 'probe-addresses',
    flagText: '{{ ternary "on" "off" .Values.options.probeAddresses }}',
  },
  {
    value: 'options.probeImage',
    schema: { type: 'string', pattern: '^\\S*$' },
    standard: '',
    meaning: 'Image of the probes of nodes. Empty: the image of the operator.',
    flag: 'probe-image',
  },
];
