// The kubeconfig: from the file that is named, else the standard places, else the pod's ServiceAccount.
import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeConfigError } from './errors.ts';
import { withoutSource, withoutUser } from './secrets.ts';

/** What is wrong with the address of the API server; undefined: nothing. */
function problemOf(server = '', skipTLSVerify = false): string | undefined {
  const url = URL.parse(server);
  const found = withoutUser(server) || 'none';
  // Without any kubeconfig client-node falls back to http://localhost:8080, and then refuses to speak to it.
  const spoken = skipTLSVerify ? ['https:', 'http:'] : ['https:'];
  if (url === null || !spoken.includes(url.protocol)) {
    return `expected current-context to lead to a cluster with an https URL as server, found ${found}`;
  }
  // fetch refuses such a URL, and says the password aloud.
  return url.username === '' && url.password === ''
    ? undefined
    : `expected the URL of server without user and password, found ${found}; name them in users`;
}

/**
 * How to reach the API server, and as whom.
 * @param path kubeconfig file; undefined: KUBECONFIG, ~/.kube/config, or in-cluster.
 * @throws KubeConfigError naming the file and what is wrong in it.
 */
export function loadKubeConfig(path: string | undefined): KubeConfig {
  const kubeConfig = new KubeConfig();
  const where = path ?? "default kubeconfig (KUBECONFIG, ~/.kube/config or the pod's ServiceAccount)";
  try {
    if (path !== undefined) {
      // The framework loads the default kubeconfig by itself: it must find the same one.
      process.env['KUBECONFIG'] = path;
    }
    kubeConfig.loadFromDefault();
  } catch (error) {
    throw new KubeConfigError(
      `${where}: expected a kubeconfig in YAML, found something that cannot be read`,
      { cause: withoutSource(error) },
    );
  }
  const { server, skipTLSVerify } = kubeConfig.getCurrentCluster() ?? {};
  const problem = problemOf(server, skipTLSVerify);
  if (problem !== undefined) {
    throw new KubeConfigError(`${where}: ${problem}`);
  }
  return kubeConfig;
}

interface TokenFile {
  readonly tokenFile?: string;
}

/** Namespace of the ServiceAccount whose token a kubeconfig has; undefined for other credentials. */
export function accountNamespace(kubeConfig: Pick<KubeConfig, 'getCurrentUser'>): string | undefined {
  try {
    const { token, authProvider } = kubeConfig.getCurrentUser() ?? {};
    const { tokenFile } = (authProvider?.config ?? {}) as TokenFile;
    const [, payload = ''] = (token ?? readFileSync(tokenFile ?? '', 'utf8')).split('.');
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: string };
    return /^system:serviceaccount:([^:]+):/.exec(sub ?? '')?.[1];
  } catch {
    // No token, or none that says whose it is: of a person, perhaps.
    return undefined;
  }
}
