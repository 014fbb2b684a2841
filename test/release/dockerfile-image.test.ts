import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildCommand, goImageIn, readMade } from '../../release/dockerfile-image.ts';

const checkout = {
  root: '/checkout',
  commit: 'c',
  epoch: 7,
  changed: [],
  packageVersion: '1.0.0',
  changelog: '',
};

describe('the command that builds the Dockerfile', () => {
  const command = buildCommand('/out', checkout, 'a/b:v1').join(' ');

  it.each([
    ['for both architectures', '--platform linux/amd64,linux/arm64'],
    ['with the time of the commit', 'SOURCE_DATE_EPOCH=7'],
    ['with that time for its files', 'rewrite-timestamp=true'],
    ['as an OCI layout with a name', 'type=oci,dest=/out,tar=false,name=a/b:v1'],
    ['without attestations that hold the time of the build', '--provenance=false --sbom=false'],
  ])('builds %s', (_, part) => {
    expect(command).toContain(part);
  });
});

const layoutOf = (...architectures: readonly string[]): Readonly<Record<string, unknown>> => ({
  'index.json': { manifests: [{ digest: 'sha256:index', size: 1 }] },
  'blobs/sha256/index': {
    manifests: architectures.map((architecture) => ({
      digest: `sha256:${architecture}`,
      size: 1,
      platform: { architecture },
    })),
  },
  'blobs/sha256/amd64': { layers: [{ size: 10 }, { size: 5 }] },
  'blobs/sha256/arm64': { layers: [{ size: 20 }] },
});

describe('what buildx wrote', () => {
  const readFrom = (layout: Readonly<Record<string, unknown>>) => (path: string) =>
    JSON.stringify(layout[path]);

  it('is told by its digest, its sizes and its base', () => {
    expect(readMade(readFrom(layoutOf('amd64', 'arm64')), 'base:x@sha256:b', 'go:1@sha256:g')).toEqual({
      digest: 'sha256:index',
      bytes: { amd64: 15, arm64: 20 },
      base: 'base:x@sha256:b',
      foundations: [
        { name: 'base:x', version: 'sha256:b' },
        { name: 'go:1', version: 'sha256:g' },
      ],
    });
  });

  it('is refused without one of the architectures', () => {
    expect(() => readMade(readFrom(layoutOf('amd64')), 'base', 'go')).toThrow(
      'index.json: expected an image for amd64 and arm64, found none for arm64; run docker buildx',
    );
  });
});

describe('the image whose Go builds the witness', () => {
  it('is named in the Dockerfile', () => {
    expect(goImageIn(readFileSync('Dockerfile', 'utf8'))).toMatch(/\/golang:[^@]+@sha256:[0-9a-f]{64}$/);
  });
});
