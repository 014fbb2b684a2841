// Every generated file and what is in it.
import { stringify } from 'yaml';
import { customResourceDefinition } from '../src/catalog/crd.ts';
import { generatedChart } from './chart/chart.ts';
import { dashboard } from './generated-dashboard.ts';
import { generatedDocs } from './generated-docs.ts';

const note = '# Generated from src/api and src/catalog by `npm run generate`. Do not edit.\n';

// kubectl and Helm read YAML 1.1, where On and Off without quotes are true and false.
const asYaml = { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' } as const;

export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    ...generatedDocs(),
    ...generatedChart(),
    'config/monitoring/dashboard.json': `${JSON.stringify(dashboard(), undefined, 2)}\n`,
    'crds/kubevip.dev_kubevipconfigs.yaml': note + stringify(customResourceDefinition(), asYaml),
  };
}
