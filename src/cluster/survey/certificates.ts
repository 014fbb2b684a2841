// What the certificates of API servers name, read by a handshake. Nothing is sent, and nobody is trusted.
import { connect } from 'node:tls';
import { addressOrName } from '../../api/addresses.ts';
import type { Certificate } from '../../observed/neighbours/survey.ts';

/** Where an API server of a node should answer. */
export type ApiEndpoint = Omit<Certificate, 'names'>;

const timeoutMs = 2000;
const mostEndpoints = 14;

/** `DNS:kubernetes, IP Address:198.51.100.1` to names, addresses in the form that a spec has. */
export function namesOf(subjectAltName: string | undefined): readonly string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(entry)?.[1] ?? [])
    .map(addressOrName);
}

/** The names in the certificate that an endpoint shows; undefined when nobody answers in time. */
export function readCertificate(endpoint: ApiEndpoint): Promise<Certificate> {
  const { address: host, port } = endpoint;
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: timeoutMs }, () =>
      end(namesOf(socket.getPeerCertificate().subjectaltname)),
    );
    const end = (names: readonly string[] | undefined): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve({ ...endpoint, names });
    };
    const limit = setTimeout(() => end(undefined), timeoutMs);
    socket.on('error', () => end(undefined));
  });
}

/** Reads the names in the serving certificates of at most seven API servers. */
export const readCertificates = (endpoints: readonly ApiEndpoint[]): Promise<readonly Certificate[]> =>
  Promise.all(endpoints.slice(0, mostEndpoints).map(readCertificate));
