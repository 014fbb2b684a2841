// Log messages are constants, so that one can be searched for, counted and found in the source. What changes
// is in the fields.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';
import { describe, expect, it } from '@jest/globals';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

interface Node {
  readonly type?: string;
  readonly [field: string]: unknown;
}

interface Call {
  readonly message: Node | undefined;
  readonly count: number;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Of an identifier, or of a private field. */
const nameOf = (node: Node | undefined): string =>
  String(node?.type === 'PrivateName' ? (node['id'] as Node)['name'] : node?.['name']);

/** `log.info`, `this.#log.warn`, `options.log.error`. */
function isLogger(callee: Node): boolean {
  const { object, property } = callee as { object?: Node; property?: Node };
  const last = object?.type === 'MemberExpression' ? (object['property'] as Node) : object;
  return (
    callee.type === 'MemberExpression' &&
    levels.includes(nameOf(property)) &&
    /log(ger)?$/i.test(nameOf(last))
  );
}

function callOf(node: Node): Call {
  const args = node['arguments'] as readonly Node[];
  // The fields come first, where there are any.
  return { message: args.length === 1 ? args[0] : args[1], count: args.length };
}

/** Every call of a logger in a piece of source. */
function callsIn(source: string): readonly Call[] {
  const found: Call[] = [];
  const visit = (value: unknown): void => {
    if (!isNode(value)) {
      return;
    }
    if (value.type === 'CallExpression' && isLogger(value['callee'] as Node)) {
      found.push(callOf(value));
    }
    Object.values(value).forEach(visit);
  };
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'], errorRecovery: true }).program);
  return found;
}

const isConstant = ({ message, count }: Call): boolean => message?.type === 'StringLiteral' && count <= 2;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name))
  .filter((path) => callsIn(readFileSync(path, 'utf8')).length > 0);

describe('log messages', () => {
  it.each<[string, boolean]>([
    ["log.info('step done')", true],
    ["log.info({ step }, 'step done')", true],
    ["this.#log.warn({ step }, 'step done')", true],
    ["options.log.error('step done')", true],
    ['log.info(`step ${step} done`)', false],
    ["log.info('step ' + step)", false],
    ['log.info(step)', false],
    ['log.info({ step }, message)', false],
    ["log.info('step %s done', step)", false],
    ["log.info({ step }, 'step %s done', step)", false],
  ])('%s: constant is %s', (source, expected) => {
    expect(callsIn(source).map(isConstant)).toEqual([expected]);
  });

  it('are looked for in every file that logs', () => {
    expect(files).toEqual(expect.arrayContaining(['src/main.ts', 'src/controller/act.ts']));
  });

  it.each(files)('of %s are constants', (path) => {
    expect(callsIn(readFileSync(path, 'utf8')).filter((call) => !isConstant(call))).toEqual([]);
  });
});
