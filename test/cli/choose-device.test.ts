import t from 'tap';
import { chooseDevice, type KnownDevice } from '../../proxy/cli/agents.ts';

const device = (OUI: string, ProductClass: string, SerialNumber: string): KnownDevice => {
  const id = `${OUI}-${ProductClass}-${SerialNumber.replaceAll('-', '%2D')}`;
  return { id, endpointId: `ops::${id}`, SerialNumber, Manufacturer: 'Example', ProductClass };
};
const FLEET = [
  device('02C0DE', 'Router', 'T0001'),
  device('02C0DE', 'Router', 'T00012'),
  device('02C0DE', 'Box', 'X-77'),
  device('02CA05', 'Box', 'Y-88'),
];

const chosen = (text: string): string => {
  const choice = chooseDevice(FLEET, text);
  switch (choice.kind) {
    case 'one':
      return choice.device.SerialNumber;
    case 'several':
      return `several ${choice.candidates.length}`;
    case 'none':
      return `none ${choice.near.map(({ SerialNumber }) => SerialNumber).join(',')}`;
  }
};

t.test('a whole name wins over a part of another', async (t) => {
  t.equal(chosen('T0001'), 'T0001');
  t.equal(chosen('ops::02C0DE-Router-T0001'), 'T0001');
  t.equal(chosen('02C0DE-Box-X%2D77'), 'X-77');
  t.equal(chosen('X-77'), 'X-77');
});

t.test('the beginning or the end of one is enough, in any case of letters', async (t) => {
  t.equal(chosen('02ca05'), 'Y-88');
  t.equal(chosen('y-8'), 'Y-88');
  t.equal(chosen('00012'), 'T00012');
  t.equal(chosen('D77'), 'X-77');
});

t.test('what may be several is not guessed', async (t) => {
  t.equal(chosen('T000'), 'several 2');
  t.equal(chosen('02C0DE'), 'several 3');
  t.equal(chosen('ops::'), 'several 4');
});

t.test('of none, those are named that may have been meant', async (t) => {
  t.equal(chosen('Router-T0001'), 'T0001');
  t.equal(chosen('outer-T'), 'none T0001,T00012');
  t.equal(chosen('Y-89'), 'none Y-88');
  t.equal(chosen('completely-else'), 'none ');
});
