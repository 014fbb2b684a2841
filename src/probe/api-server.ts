// How fast the API server answers this node, at the address that kube-vip will use.
import type * as Https from 'node:https';
import { isIPv6 } from 'node:net';
import type { NodeReport } from '../api/node-report.ts';

const rounds = 5;
const timeoutMs = 5000;
const longestError = 160;

// No token is sent and nothing of the answer is used but that it came: who answers need not be proven, and being
// refused takes as long as being served.
function once({ request }: typeof Https, url: URL, agent: Https.Agent): Promise<number> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, rejectUnauthorized: false, timeout: timeoutMs }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(performance.now() - since));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    sent.on('error', reject);
    sent.end();
  });
}

/** The slowest of several requests over one connection, its set-up included. */
export async function measureApi(
  host: string,
  port: string,
): Promise<Pick<NodeReport, 'apiSlowestMs' | 'apiError'>> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  // Half of all that the probe uses of the processor: loaded when nothing else waits for it.
  const https = await import('node:https');
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      times.push(await once(https, new URL(`https://${authority}/version`), agent));
    }
    return { apiSlowestMs: Math.round(Math.max(...times)) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      ...(times.length > 0 && { apiSlowestMs: Math.round(Math.max(...times)) }),
      apiError: `${authority}: ${cause}`.slice(0, longestError),
    };
  } finally {
    agent.destroy();
  }
}
