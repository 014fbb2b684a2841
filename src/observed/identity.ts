// Who a holder of a Lease is.

// Releases before v0.8.0 lead under the host name and those from v1.2.0 on in lower case, so a node `N1`
// may hold the Lease as `n1` or `n1.example.org`.
export function isNode(identity: string, node: string): boolean {
  const [a, b] = [identity.toLowerCase(), node.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
