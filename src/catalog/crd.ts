// The CustomResourceDefinition, put together from the schemas, the rules and the catalogue.
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import type { JsonSchema } from '../api/json-schema.ts';
import { group, kind, plural } from '../api/metadata.ts';
import { celMessage, type Rule } from '../api/rule.ts';
import { specSchema } from '../api/spec-schema.ts';
import { statusSchema } from '../api/status-schema.ts';
import { releases } from './releases.ts';
import { rules } from './validation.ts';

interface Column {
  readonly name: string;
  readonly jsonPath: string;
  readonly description: string;
  readonly type: string;
  /** Shown only by `kubectl get -o wide`. */
  readonly priority?: number;
}

const text = (name: string, jsonPath: string, description: string): Column => ({
  name,
  jsonPath,
  description,
  type: 'string',
});

const condition = (type: string, field: string): string =>
  `.status.conditions[?(@.type=="${type}")].${field}`;

const printerColumns: Column[] = [
  text('Ready', condition('Ready', 'status'), 'Whether each address is held by a node that runs kube-vip.'),
  text('Mode', '.spec.mode', 'How addresses are announced.'),
  text('Address', '.status.summary.address', 'The control-plane address.'),
  text('Holder', '.status.summary.holder', 'Node that holds the address.'),
  text('Nodes', '.status.summary.nodes', 'Nodes that are ready of those selected.'),
  text('Version', '.spec.version', 'The kube-vip release.'),
  text('Message', '.status.summary.message', 'What is true, in one clause; the condition Ready goes on.'),
  {
    ...text('Class', '.status.services.loadBalancerClass', 'The load balancer class that is served.'),
    priority: 1,
  },
  {
    ...text('Waiting', '.status.services.waiting', 'Services that have not got an address that they want.'),
    type: 'integer',
    priority: 1,
  },
  {
    ...text('Held', '.status.controlPlane.holderSince', 'How long the holder has had the address.'),
    type: 'date',
    priority: 1,
  },
  { ...text('Age', '.metadata.creationTimestamp', 'Age of the object.'), type: 'date' },
];

function validation(rule: Rule): object {
  return {
    rule: rule.cel,
    message: rule.message.replaceAll(/\{\w+\}/g, '…'),
    messageExpression: celMessage(rule),
  };
}

function withRules(schema: JsonSchema, at: string): JsonSchema {
  const here = rules.filter((rule) => rule.at === at).map(validation);
  const below = at === '' ? '' : `${at}.`;
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, child]) => [name, withRules(child, below + name)]),
      ),
    }),
    ...(schema.items && { items: withRules(schema.items, `${at}[]`) }),
    ...(here.length > 0 && { 'x-kubernetes-validations': here }),
  };
}

// With `-control-plane` behind it the name still fits a label, which holds 63 characters.
const nameSchema: JsonSchema = {
  type: 'string',
  maxLength: 40,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
};

function objectSchema(): JsonSchema {
  const version = { ...specSchema.properties.version, enum: releases.map((row) => row.version) };
  return {
    type: 'object',
    description: 'A kube-vip installation: one owner per address.',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object', properties: { name: nameSchema } },
      spec: { ...specSchema, properties: { ...specSchema.properties, version } },
      status: statusSchema,
    },
  };
}

/** The CRD as it is applied; `crds/` holds its YAML. */
export function customResourceDefinition(): V1CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, listKind: `${kind}List`, plural, singular: 'kubevipconfig', shortNames: ['kvc'] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: printerColumns,
          schema: { openAPIV3Schema: withRules(objectSchema(), '') as object },
        },
      ],
    },
  };
}
