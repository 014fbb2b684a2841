// The part of JSON Schema with which Helm checks values, and the pieces that several values share.

/** A node of values.schema.json. */
export interface ValueSchema {
  readonly type?: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly patternProperties?: Readonly<Record<string, ValueSchema>>;
  readonly additionalProperties?: false;
  readonly items?: ValueSchema;
}

/** An object that has these fields and no other. */
export const closed = (properties: Readonly<Record<string, ValueSchema>>): ValueSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
});

const prefix = '([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?';
const name = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const labelText: ValueSchema = { type: 'string', pattern: `^(${name})?$` };

/** A map of labels. A name that is not one of Kubernetes is an additional property. */
export const labelMap: ValueSchema = {
  type: 'object',
  additionalProperties: false,
  patternProperties: { [`^${prefix}${name}$`]: labelText },
};

/** Labels that are there already, or that Helm writes. */
export const reservedLabels: readonly string[] = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/managed-by',
  'pod-security.kubernetes.io/enforce',
  'grafana_dashboard',
];

const quantity: ValueSchema = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$' };
const amounts = closed({ cpu: quantity, memory: quantity });

/** Requests and limits of a container. */
export const containerResources: ValueSchema = closed({ requests: amounts, limits: amounts });

/** Tolerations of a pod. */
export const tolerationList: ValueSchema = {
  type: 'array',
  items: closed({
    key: { type: 'string' },
    operator: { type: 'string', enum: ['Exists', 'Equal'] },
    value: { type: 'string' },
    effect: { type: 'string', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
    tolerationSeconds: { type: 'integer', minimum: 0 },
  }),
};

/** Yes or no. */
export const onOff: ValueSchema = { type: 'boolean' };

/** A duration as Prometheus writes it. */
export const duration: ValueSchema = { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' };

/** A port that a process without rights may listen at. */
export const port: ValueSchema = { type: 'integer', minimum: 1024, maximum: 65_535 };

/** Seconds, as src/options.ts takes them. */
export const seconds: ValueSchema = { type: 'integer', minimum: 1, maximum: 86_400 };

/** A digest, or nothing. */
export const digest: ValueSchema = { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' };

/** A tag, or nothing. */
export const tag: ValueSchema = { type: 'string', pattern: '^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$' };

/** Where an image is, without tag and digest. */
export const repository: ValueSchema = { type: 'string', pattern: '^[^@\\s]+/[^@:\\s]+$' };

/** Secrets by name, as in the spec of a pod. */
export const secretList: ValueSchema = {
  type: 'array',
  items: closed({ name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' } }),
};
