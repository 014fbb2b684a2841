// Documentation that is written from the tables.
import type { JsonSchema } from '../src/api/json-schema.ts';
import { advice } from '../src/api/advice.ts';
import { conditionTypes, reasons, type Reason } from '../src/api/conditions.ts';
import { specSchema } from '../src/api/spec-schema.ts';
import { settings, type Setting } from '../src/catalog/settings.ts';
import { rules } from '../src/catalog/validation.ts';
import { variableOf, variables } from '../src/catalog/variables.ts';
import { choosable } from '../src/catalog/verdicts.ts';
import { eventReasons } from '../src/status/events.ts';
import { alarmMs, asking, hangAlarmMs } from '../src/observed/address-state.ts';
import { annotationsDoc } from './generated-annotations.ts';
import { compatibilityDoc } from './generated-compatibility.ts';
import { hazardsDoc } from './generated-hazards.ts';
import { helmDoc } from './generated-helm.ts';
import { metricsDoc } from './generated-metrics.ts';
import { preflightDoc } from './generated-preflight.ts';
import { versionsDoc } from './generated-versions.ts';
import { generatedNote, table } from './markdown.ts';

function limits(schema: JsonSchema): string {
  const parts = [
    schema.enum && schema.enum.map((value) => `\`${value}\``).join(', '),
    schema.minimum !== undefined && `${schema.minimum} to ${schema.maximum}`,
    schema.maxItems !== undefined && `at most ${schema.maxItems}`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
  ];
  return parts.filter(Boolean).join(', ');
}

function fieldRows(schema: JsonSchema, path: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = `${path}.${name}`;
    const hasDefault = child.default !== undefined && typeof child.default !== 'object';
    const needed = schema.required?.includes(name) ? 'required' : '';
    return [
      [
        `\`${here}\``,
        child.type ?? '',
        [needed, limits(child), hasDefault && `default \`${JSON.stringify(child.default)}\``]
          .filter(Boolean)
          .join(', '),
        child.description ?? '',
      ],
      ...fieldRows(child, here),
      ...fieldRows(child.items ?? {}, `${here}[]`),
    ];
  });
}

function fields(): string {
  const ruleRows = rules.map((rule) => [
    `\`${rule.at === '' ? 'object' : rule.at}\``,
    `\`${rule.message.replaceAll(/\{(\w+)\}/g, '…')}\``,
  ]);
  return (
    `${generatedNote}# Fields of a KubeVipConfig\n\n` +
    table(['field', 'type', 'values', 'meaning'], fieldRows(specSchema, 'spec')) +
    '\n## Rules\n\nWhat the API server says when a rule is broken. The sign … stands for what it found.\n\n' +
    table(['where', 'message'], ruleRows)
  );
}

function range({ since, before }: Setting): string {
  return (
    [since && `from ${since}`, before && `before ${before}`].filter(Boolean).join(', ') || 'every release'
  );
}

function settingsDoc(): string {
  const newest = choosable.at(-1)?.version ?? '';
  const read = new Set(variables.filter(({ name }) => variableOf(name, newest)).map(({ name }) => name));
  const rows = settings.map((row) => [`\`${row.env}\``, row.only ?? 'both', range(row), row.why]);
  return (
    `${generatedNote}# Variables of kube-vip that are set\n\n` +
    `kube-vip ${newest} reads ${read.size} environment variables. The operator sets these and no others.\n\n` +
    table(['variable', 'component', 'releases', 'why'], rows)
  );
}

function conditions(): string {
  return (
    `${generatedNote}# Conditions and reasons\n\n` +
    table(['condition', 'meaning'], Object.entries(conditionTypes)) +
    '\n`Ready` says in one sentence whether traffic flows and, if not, what to do. `kubectl get kvc` shows it as MESSAGE. ' +
    'If both the control plane and the Services have a problem, the message tells both, the worse first. The reason is that of the worse. ' +
    'Of the pods of one DaemonSet the message tells at most three kinds of trouble, each once, with the number of pods and the last line of the log. ' +
    '[Troubleshooting](troubleshooting.md) starts from what you see.\n' +
    '\n## Events\n\n' +
    'Each change of a condition is an event on the KubeVipConfig, with its reason and message. The pod or node of the holder is `related`. ' +
    'While preflight blocks, each change of the failed checks is an event too. ' +
    'The events are in the namespace `default`, as the API server demands for an object without namespace. ' +
    'Read them with `kubectl get events -n default` or `kubectl describe kvc NAME`.\n\n' +
    'What happens again within six minutes is counted in the same event (`x4 over 3m`), which is written at most once a minute. ' +
    'An object gets at most ten new normal events at once and one every 30 s after that, and as many warnings.\n\n' +
    table(['further reason', 'meaning'], Object.entries(eventReasons)) +
    '\n## When an address counts as silent\n\n' +
    'The operator asks `https://ADDRESS:PORT/livez` at each control-plane address that a node holds, on a new connection each time. ' +
    `It asks every ${asking.calmMs / 1000} s while the address answers, and every ${asking.worriedMs / 1000} s otherwise. ` +
    `A connection may take ${asking.timeoutMs} ms, and an answer on it ${asking.answerMs} ms more.\n\n` +
    'An HTTP answer counts as alive unless it is 5xx. Any word from a listener that is no HTTPS counts too. ' +
    'A connection that is accepted and then stays silent does not count, because the kernel accepts connections for a process that is stopped.\n\n' +
    `${asking.enough} failures in a row raise the alarm, so a hand-over raises none. ` +
    `The alarm comes ${((asking.enough - 1) * asking.worriedMs) / 1000} to ${alarmMs / 1000} s after the address went silent, ` +
    `or up to ${hangAlarmMs / 1000} s if connections are accepted and stay silent. One answer ends it. ` +
    'When another node takes the Lease, the count starts over.\n\n' +
    'The operator may run on the node that holds the address. Then `Ready` says that the answer proves nothing of the network. ' +
    'The flag `--probe-addresses off` turns all of this off.\n' +
    '\n## Reasons\n\n' +
    table(
      ['reason', 'meaning', 'likely causes', 'what to do'],
      Object.entries(reasons).map(([reason, meaning]) => {
        const { causes, todo } = advice[reason as Reason];
        return [reason, meaning, causes, todo];
      }),
    )
  );
}

/** Every generated document by path. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'docs/fields.md': fields(),
    'docs/settings.md': settingsDoc(),
    'docs/versions.md': versionsDoc(),
    'docs/compatibility.md': compatibilityDoc(),
    'docs/hazards.md': hazardsDoc(),
    'docs/helm-values.md': helmDoc(),
    'docs/conditions.md': conditions(),
    'docs/preflight.md': preflightDoc(),
    'docs/metrics.md': metricsDoc(),
    'docs/service-annotations.md': annotationsDoc(),
  };
}
