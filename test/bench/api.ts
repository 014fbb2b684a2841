// An administrator's direct line to the API server: kubectl alone takes longer than what is measured.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../lab/api-server.ts';

interface DaemonSet {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

const daemonSets = '/apis/apps/v1/namespaces/kube-vip-system/daemonsets';

export class Api {
  readonly #server: Pick<ApiServer, 'url' | 'adminToken'>;
  readonly #ca: Buffer;

  constructor(server: Pick<ApiServer, 'url' | 'caFile' | 'adminToken'>) {
    this.#server = server;
    this.#ca = readFileSync(server.caFile);
  }

  async createConfig(manifest: object): Promise<void> {
    await this.#send('POST', '/apis/kubevip.dev/v1alpha1/kubevipconfigs', manifest);
  }

  async image(name: string): Promise<string> {
    const found = await this.#send('GET', `${daemonSets}/${name}`);
    return imageOf(found as DaemonSet);
  }

  async setImage(name: string, image: string): Promise<void> {
    const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
    await this.#send('PATCH', `${daemonSets}/${name}`, patch, 'application/json-patch+json');
  }

  /** Looks every other millisecond until the DaemonSet exists and its image is right. */
  async untilDaemonSet(name: string, isRight: (image: string) => boolean): Promise<void> {
    const end = Date.now() + 10_000;
    while (Date.now() < end) {
      const found = await this.#send('GET', `${daemonSets}/${name}`);
      if (found !== undefined && isRight(imageOf(found as DaemonSet))) {
        return;
      }
      await sleep(2);
    }
    throw new Error(`DaemonSet ${name}: expected it within 10 s, found none that is right`);
  }

  /** The decoded answer; undefined for "not found". */
  #send(method: string, path: string, body?: object, type = 'application/json'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#server.url}${path}`, {
        method,
        ca: this.#ca,
        headers: { authorization: `Bearer ${this.#server.adminToken}`, 'content-type': type },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const status = response.statusCode ?? 0;
          if (status === 404) resolve(undefined);
          else if (status < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${status} ${text}`));
        });
      });
      sent.end(body && JSON.stringify(body));
    });
  }
}

function imageOf({ spec }: DaemonSet): string {
  return spec.template.spec.containers[0]?.image ?? '';
}
