// Many devices in a store, and a template that has each of their Agents dial one Controller.
import { formatRows, SINGLE } from '../../../proxy/agent/local-agent/rows.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { event, inform, keyOf, TENANT } from '../../store/contract/samples.ts';

export const FLEET_CONTROLLER = 'self::fleet';

/** Devices that came once and are gone, as the registry has them. */
export async function seedDevices(store: Store, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(6, '0'));
  await Promise.all(
    numbers.map(async (serial) => {
      const key = keyOf(serial);
      const saved = await store.devices.saveInform(
        inform({ key, digest: serial, boot: true, registryCap: count, event: event('{"events":[],"values":[]}') }),
      );
      if (saved.kind !== 'saved') throw new Error(saved.kind);
      const { epoch, lastEvent } = saved.record;
      await store.devices.release(key, epoch, { eventsDone: lastEvent, clean: true, force: true });
    }),
  );
}

const CONTROLLERS = 'Device.LocalAgent.Controller.';

/** `webSocket`: values of the MTP's WebSocket object. */
export async function setTemplate(
  store: Store,
  enabled: boolean,
  webSocket: Readonly<Record<string, string>>,
): Promise<void> {
  const controller = { EndpointID: FLEET_CONTROLLER, Alias: 'cpe-1', Enable: String(enabled) };
  const rows = {
    tables: {
      [CONTROLLERS]: { 1: controller },
      [`${CONTROLLERS}1.MTP.`]: { 1: { Alias: 'cpe-1', Enable: 'true', Protocol: 'WebSocket', Order: '1' } },
      [`${CONTROLLERS}1.MTP.1.WebSocket.`]: { [SINGLE]: webSocket },
    },
    next: { [CONTROLLERS]: 2, [`${CONTROLLERS}1.MTP.`]: 2 },
  };
  const { version } = await store.tenants.readTemplate(TENANT);
  const changed = await store.tenants.changeTemplate(TENANT, version, formatRows(rows));
  if (changed !== 'changed') throw new Error(changed);
}
