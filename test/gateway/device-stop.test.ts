import t from 'tap';
import { getBody, setDeviceScene, SOFTWARE } from './device-scene.ts';

t.test('a stop lets a parked CPE go in order, then closes the sockets, and is over soon', async (t) => {
  const scene = await setDeviceScene(t);
  const controller = await scene.controller();
  await controller.request(scene.agent, getBody(SOFTWARE));
  t.equal(scene.device.inSession, true, 'parked');
  const order: string[] = [];
  const ended = scene.device.nextSession().then(({ reason }) => order.push(`the CPE: ${reason}`));
  const closed = new Promise<void>((resolve) => {
    controller.socket.once('close', (code: number) => {
      order.push(`the socket: ${code}`);
      resolve();
    });
  });
  const began = Date.now();
  t.equal(await scene.gateway.stop(), true, 'every step in its time');
  await Promise.all([ended, closed]);
  t.ok(Date.now() - began < 5000);
  t.same(order, ['the CPE: done', 'the socket: 1001']);
});

t.test('livez, readyz and metrics, and nothing else', async (t) => {
  const scene = await setDeviceScene(t);
  const get = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`${scene.operateUrl}${path}`);
    return [response.status, await response.text()];
  };
  t.same(await get('/livez'), [200, 'alive\n']);
  t.same(await get('/readyz'), [200, 'ready\n']);
  const [status, metrics] = await get('/metrics');
  t.equal(status, 200);
  t.match(metrics, /^causeway_cwmp_informs_total\{event="0 BOOTSTRAP"\} 1$/m);
  t.match(metrics, /^causeway_cwmp_parked 0$/m);
  t.equal((await get('/'))[0], 404);
  t.equal((await get('/api/v1/devices'))[0], 404);
});
