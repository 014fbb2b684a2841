// How a change comes to the nodes: what a person asks for, and what the operator reports and reads back.
import type { JsonSchema } from './json-schema.ts';
import { componentKinds } from './metadata.ts';

/** What `spec.rollout` is where it says nothing. */
export const defaultRollout = {
  observeSeconds: 10,
  progressDeadlineSeconds: 600,
  onFailure: 'Rollback',
  paused: false,
} as const;

/** What a person may say of rollouts. */
export const rolloutSchema = {
  type: 'object',
  description: 'How a change is brought to the nodes, one after the other and the holder last.',
  default: { ...defaultRollout },
  properties: {
    observeSeconds: {
      type: 'integer',
      description: 'For how long a changed node has to pass every gate before the next one is changed.',
      minimum: 0,
      maximum: 3600,
      default: defaultRollout.observeSeconds,
    },
    progressDeadlineSeconds: {
      type: 'integer',
      description: 'How long one step may take. Then it counts as failed.',
      minimum: 10,
      maximum: 86400,
      default: defaultRollout.progressDeadlineSeconds,
    },
    onFailure: {
      type: 'string',
      description:
        'Rollback: the nodes that were changed go back to what worked last. Pause: they stay as they are until a person acts.',
      enum: ['Rollback', 'Pause'],
      default: defaultRollout.onFailure,
    },
    paused: {
      type: 'boolean',
      description: 'No further node is changed. What runs keeps running, and drift is repaired.',
      default: defaultRollout.paused,
    },
  },
} as const satisfies JsonSchema;

/** Where a rollout can be. */
export const rolloutPhases = [
  'Canary',
  'Batch',
  'Holder',
  'Waiting',
  'Paused',
  'RollingBack',
  'RolledBack',
  'Failed',
] as const;

/** What the operator reports of a rollout, and reads back. */
export const rolloutStatusSchema = {
  type: 'object',
  description:
    'A change that is on its way to the nodes, or was taken back. Absent while there is none. The operator reads it back.',
  required: ['function', 'revision', 'attempt', 'from', 'to', 'lastGood', 'phase', 'nodes', 'since'],
  properties: {
    function: { type: 'string', enum: componentKinds },
    revision: { type: 'string', description: 'Hash of the rendering that the nodes should get.' },
    attempt: { type: 'integer', description: 'How often it was begun.' },
    from: { type: 'string', description: 'Release that ran before.' },
    to: { type: 'string', description: 'Release that the nodes should get.' },
    lastGood: { type: 'string', description: 'Hash of the rendering that a node goes back to.' },
    phase: {
      type: 'string',
      description:
        'Canary: the first node. Batch: nodes that hold no address. Holder: the node that does. RollingBack and RolledBack: a gate failed. Failed: the same, and spec.rollout.onFailure is Pause.',
      enum: rolloutPhases,
    },
    nodes: {
      type: 'array',
      description: 'Nodes that are being changed, or observed.',
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'string' },
    },
    pods: {
      type: 'array',
      description: 'UIDs of pods that were made from an edited template, and are replaced.',
      maxItems: 100,
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'string' },
    },
    next: { type: 'string', description: 'The node that comes next.' },
    skipped: { type: 'integer', description: 'Nodes that do not report. They are changed when they return.' },
    updated: { type: 'integer', description: 'Nodes that run it.' },
    total: { type: 'integer', description: 'Nodes that should.' },
    since: { type: 'string', format: 'date-time', description: 'When the present step began.' },
    passingSince: {
      type: 'string',
      format: 'date-time',
      description: 'Since when every gate of the present nodes passes.',
    },
    waitingFor: { type: 'string', description: 'Why it does not go on.', maxLength: 1024 },
    expectedMoves: { type: 'integer', description: 'How often the address still has to move.' },
    expectedAbsenceSeconds: {
      type: 'integer',
      description: 'For how long it may be on no node then, at most, as the timings of the election say it.',
    },
    failure: {
      type: 'object',
      description:
        'The gate that failed. The same revision is not tried again until the spec changes or an annotation asks.',
      required: ['gate', 'node', 'message'],
      properties: {
        gate: { type: 'string' },
        node: { type: 'string' },
        message: { type: 'string', maxLength: 1024 },
      },
    },
  },
} as const satisfies JsonSchema;

/** What the operator reports of nodes that shall give their addresses up. */
export const handOverSchema = {
  type: 'array',
  description: 'Nodes that shall give their addresses up before maintenance, and how far that is.',
  maxItems: 100,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['node'],
  items: {
    type: 'object',
    required: ['node', 'state'],
    properties: {
      node: { type: 'string' },
      state: {
        type: 'string',
        description:
          'Done: no pod and no address of it is there. UnderWay: its pod ends. Waiting: it keeps its addresses, and message says why.',
        enum: ['Done', 'UnderWay', 'Waiting'],
      },
      message: { type: 'string', maxLength: 1024 },
    },
  },
} as const satisfies JsonSchema;
