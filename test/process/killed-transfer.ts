// Scenes in which a gateway is killed around a Download.
import type { TransferDescription } from '../../proxy/api/describe-transfer.ts';
import { deferred } from '../../proxy/operate/deferred.ts';
import { DEVICE, type Scene, setScene, until } from './scene.ts';

type Test = Parameters<typeof setScene>[0];

const timings = { retryScale: 0.02, transferTime: 10 };

export async function startedScene(t: Test): Promise<Scene> {
  const scene = await setScene(t, { timings });
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  return scene;
}

/** Asks for a web page, `delay` seconds from now; its key. */
export async function begin(scene: Scene, URL: string, DelaySeconds = 0): Promise<string> {
  const body = { kind: 'download', FileType: '2 Web Content', URL, Username: 'user', Password: 'pass', DelaySeconds };
  const response = await fetch(`http://${scene.gateway.addresses.http}/api/v1/devices/${DEVICE}/transfers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as TransferDescription).key;
}

export const once = (scene: Scene, key: string, state: string): Promise<TransferDescription> =>
  until(async () => {
    const transfer = (await scene.api(`/devices/${DEVICE}/transfers/${key}`)) as TransferDescription;
    return transfer.state === state ? transfer : undefined;
  }, `${key} ${state}`);

/** A transfer that is begun; what is said with this word vanishes, and with it the gateway, which is started again. */
export async function killAt(
  scene: Scene,
  direction: 'to-gateway' | 'to-cpe',
  wanted: string,
  ...transfer: readonly [URL: string, DelaySeconds?: number]
): Promise<string> {
  const seen = deferred<undefined>();
  scene.relay.gate = (way, text) => {
    if (way !== direction || !text.includes(wanted)) return true;
    seen.resolve(undefined);
    return false;
  };
  const key = await begin(scene, ...transfer);
  await seen.promise;
  await scene.kill();
  await scene.startAgain();
  return key;
}

export const downloads = (scene: Scene): number => scene.cpe.rpcs.filter(({ method }) => method === 'Download').length;
