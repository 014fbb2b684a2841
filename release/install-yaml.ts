// install.yaml: config/default, with the image of the release by its digest. Pure.

const imageLine = /^( +(?:- )?image: )(\S+)$/gm;

/** Puts a reference in the place of the one image that manifests name. */
export function withImage(manifests: string, reference: string): string {
  const found = [...manifests.matchAll(imageLine)].map(([, , image]) => image);
  if (found.length !== 1) {
    throw new Error(
      `config/default: expected one container image, found ${found.join(', ') || 'none'}; name it in config/manager`,
    );
  }
  return manifests.replace(imageLine, `$1${reference}`);
}

/** The repository of an image: the reference without its tag. */
export const repositoryOf = (reference: string): string => reference.replace(/:[^:/]+$/, '');
