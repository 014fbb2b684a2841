import { describe, expect, it } from '@jest/globals';
import { repositoryOf, withImage } from '../../release/install-yaml.ts';

describe('the image of install.yaml', () => {
  it('is put in the place of the one that is there', () => {
    const manifests = 'spec:\n      - image: a/b:v1\n        name: x\ndescription: an image of a\n';
    expect(withImage(manifests, 'a/b:v2@sha256:c')).toBe(
      'spec:\n      - image: a/b:v2@sha256:c\n        name: x\ndescription: an image of a\n',
    );
  });

  it('leaves the field of that name in a schema alone', () => {
    const manifests = 'properties:\n  image:\n    type: object\n  image: a:1\n';
    expect(withImage(manifests, 'b:2')).toBe('properties:\n  image:\n    type: object\n  image: b:2\n');
  });

  it.each([
    ['no image', 'kind: Deployment\n', 'expected one container image, found none; name it'],
    ['two images', '  image: a:1\n  image: b:1\n', 'expected one container image, found a:1, b:1; name it'],
  ])('is refused where there is %s', (_, manifests, sentence) => {
    expect(() => withImage(manifests, 'c:1')).toThrow(sentence);
  });
});

describe('the repository of an image', () => {
  it.each([
    ['a/b:v1', 'a/b'],
    ['host:5000/a/b', 'host:5000/a/b'],
    ['host:5000/a/b:v1', 'host:5000/a/b'],
  ])('%s is %s', (reference, repository) => {
    expect(repositoryOf(reference)).toBe(repository);
  });
});
