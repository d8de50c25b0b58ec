// Whose address a LANDevice passes on: TR-098 says it at the LANDevice, Device:2 at each connection.
import t from 'tap';
import { fitted, ROOT, shippedModel, SmallDevice } from './small-device.ts';

const LAN = 'LANDevice.1.LANHostConfigManagement.';
const LINK = 'WANDevice.1.WANConnectionDevice.2.';
const PATHS = ['Device.DHCPv4.Client.1.PassthroughEnable', 'Device.PPP.Interface.1.IPCP.PassthroughEnable'];
const device = (use: string, connection: string): SmallDevice =>
  new SmallDevice({
    [`${LAN}UseAllocatedWAN`]: use,
    [`${LAN}AssociatedConnection`]: connection,
    [`${LINK}WANIPConnection.1.Enable`]: '1',
    [`${LINK}WANPPPConnection.3.Enable`]: '1',
  });

t.test('the connection that is named passes its address on', async (t) => {
  const shown = async (use: string, connection: string): Promise<readonly (string | undefined)[]> => {
    const cpe = device(use, connection);
    const tree = cpe.tree();
    return cpe.shown(await fitted(shippedModel(tree), cpe, tree), tree, PATHS);
  };
  t.strictSame(await shown('Normal', ''), ['false', 'false']);
  t.strictSame(await shown('Passthrough', `${ROOT}${LINK}WANIPConnection.1`), ['true', 'false']);
  t.strictSame(await shown('Passthrough', `${LINK}WANPPPConnection.3.`), ['false', 'true']);
  t.strictSame(await shown('UseAllocatedSubnet', `${ROOT}${LINK}WANIPConnection.1`), ['false', 'false']);
});

t.test('it is written in one, and taken back only by whose it is', async (t) => {
  const cpe = device('Passthrough', `${ROOT}${LINK}WANIPConnection.1`);
  const tree = cpe.tree();
  const view = await fitted(shippedModel(tree), cpe, tree);
  const [client = '', ppp = ''] = PATHS;
  t.match(view.settingsFor(ppp, 'true', cpe.known), {
    settings: [
      { Name: `${ROOT}${LAN}UseAllocatedWAN`, Value: 'Passthrough' },
      { Name: `${ROOT}${LAN}AssociatedConnection`, Value: `${ROOT}${LINK}WANPPPConnection.3` },
    ],
  });
  t.strictSame(view.settingsFor(ppp, 'false', cpe.known), { ok: true, settings: [], shown: 'false' });
  const off = view.settingsFor(client, 'false', cpe.known);
  t.match(off, { settings: [{ Name: `${ROOT}${LAN}UseAllocatedWAN`, Value: 'Normal' }] });
  t.equal(off.ok && off.settings.length, 1);
});
