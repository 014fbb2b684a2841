// What Kubernetes refuses in a pod and the schema cannot say: without these rules a stored spec could not be applied.
import { labelKeyPattern, longestLabelKey, resourceNames } from './pod-schema.ts';
import { isMore } from './quantity.ts';
import { entryPath, type Rule } from './rule.ts';
import type { KubeVipConfig, Toleration } from './types.ts';

const parts = ['controlPlane', 'services'] as const;
type Part = (typeof parts)[number];

const tolerationsOf = ({ spec }: KubeVipConfig, part: Part): readonly Toleration[] =>
  spec[part]?.tolerations ?? [];

const celIsKey = `key.size() <= ${longestLabelKey} && key.matches('${labelKeyPattern}')`;
const labelKey = new RegExp(labelKeyPattern);
const isLabelKey = (key: string): boolean => key.length <= longestLabelKey && labelKey.test(key);

// Neither this message nor those below repeat what was found: a text of no known length costs more than the API
// server allows a message.
function nodeSelectorRule(part: Part): Rule {
  return {
    id: `${part}-node-selector-has-label-keys`,
    at: `spec.${part}.nodeSelector`,
    cel: `self.all(key, ${celIsKey})`,
    message: `spec.${part}.nodeSelector: expected label keys such as example.org/rack, found a key that is none; look for blanks and second slashes`,
    celValues: {},
    broken: ({ spec }) => (Object.keys(spec[part]?.nodeSelector ?? {}).every(isLabelKey) ? undefined : {}),
  };
}

interface TolerationRule {
  readonly id: string;
  /** True when one toleration is right; `self` is the toleration. */
  readonly cel: string;
  readonly says: string;
  readonly isRight: (toleration: Toleration) => boolean;
}

const tolerationRules: readonly TolerationRule[] = [
  {
    id: 'toleration-exists-has-no-value',
    cel: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
    says: 'expected no value with operator Exists, found one; take it out or use operator Equal',
    isRight: ({ operator, value = '' }) => operator !== 'Exists' || value === '',
  },
  {
    id: 'toleration-without-key-exists',
    cel: "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
    says: 'expected operator Exists without a key (it tolerates every taint), found another; name a key',
    isRight: ({ key = '', operator }) => key !== '' || operator === 'Exists',
  },
  {
    id: 'toleration-seconds-need-no-execute',
    cel: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    says: 'expected effect NoExecute with tolerationSeconds, found another; take tolerationSeconds out',
    isRight: ({ tolerationSeconds, effect }) => tolerationSeconds === undefined || effect === 'NoExecute',
  },
];

const tolerationRule = (part: Part, { id, cel, says, isRight }: TolerationRule): Rule => ({
  id: `${part}-${id}`,
  at: `spec.${part}.tolerations[]`,
  cel,
  message: `spec.${part}.tolerations: ${says}`,
  celValues: {},
  broken: (config) => (tolerationsOf(config, part).every(isRight) ? undefined : {}),
  entry: (config) => entryPath(`spec.${part}.tolerations`, tolerationsOf(config, part), isRight),
});

function requestRule(part: Part, resource: (typeof resourceNames)[number]): Rule {
  // A field with a dash is spelt so in CEL.
  const field = resource.replaceAll('-', '__dash__');
  const [request, limit] = [`self.requests.${field}`, `self.limits.${field}`];
  return {
    id: `${part}-${resource}-request-fits-limit`,
    at: `spec.${part}.resources`,
    cel: `!has(self.requests) || !has(${request}) || !has(self.limits) || !has(${limit}) || quantity(string(${request})).compareTo(quantity(string(${limit}))) <= 0`,
    message: `spec.${part}.resources: expected requests.${resource} up to limits.${resource}, found more; raise the limit`,
    celValues: {},
    broken: ({ spec }) => {
      const { requests, limits } = spec[part]?.resources ?? {};
      return isMore(requests?.[resource] ?? '', limits?.[resource] ?? '') ? {} : undefined;
    },
  };
}

/** Rules of what both components have: node selector, tolerations and resources. */
export const podRules: readonly Rule[] = parts.flatMap((part) => [
  nodeSelectorRule(part),
  ...tolerationRules.map((rule) => tolerationRule(part, rule)),
  ...resourceNames.map((resource) => requestRule(part, resource)),
]);
