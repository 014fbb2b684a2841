// That the one Dockerfile makes an image that can do no more than it must.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseFinalStage } from '../lab/dockerfile.ts';
import { witnessStage } from '../lab/witness-layer.ts';

const text = readFileSync('Dockerfile', 'utf8');
const stage = parseFinalStage(text);

describe('the image', () => {
  it('is built on bases that a digest names', () => {
    const bases = [...text.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(3);
    expect(bases.filter((base) => !/^[^@]+:[^@]+@sha256:[0-9a-f]{64}$/.test(base ?? ''))).toEqual([]);
  });

  it('has no shell, and nothing from the build but four programs', () => {
    expect(stage.base).toMatch(/\/distroless\/nodejs\d+-debian\d+:nonroot@/);
    expect(stage.copies.map(({ to, from, isFolder }) => (isFolder ? `${to}: ${from}` : to))).toEqual([
      '/app/dist: dist/main.js',
      '/app/dist: dist/probe.js',
      '/app/dist: dist/check.js',
      '/app/dist: dist/witness',
      '/app: package.json',
    ]);
  });

  it('runs as a user without a name and without rights', () => {
    expect(stage.config.User).toBe('65532:65532');
  });

  it('has the witness from a stage of its own, with the Go that its module asks for', () => {
    const [, go = ''] = /^go (\d+\.\d+)/m.exec(readFileSync('witness/go.mod', 'utf8')) ?? [];
    expect(text).toMatch(new RegExp(`/golang:${go}-\\S+ AS ${witnessStage}$`, 'm'));
    expect(stage.copies.filter((copy) => copy.stage === witnessStage)).toHaveLength(1);
  });

  it('has the Node that the code is tested with', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: { node: string };
    };
    const [major] = devDependencies.node.split('.');
    expect(text).toContain(`/node:${major}-`);
    expect(stage.base).toContain(`/nodejs${major}-`);
  });
});
