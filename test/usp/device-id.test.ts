// The names of a CPE: device id and Endpoint ID.
import fc from 'fast-check';
import t from 'tap';
import { agentEndpointId, deviceIdOf, type DeviceIdentity } from '../../proxy/usp/device-id.ts';
import { isEndpointId } from '../../proxy/usp/endpoint-id.ts';

const identity = (OUI: string, ProductClass: string, SerialNumber: string): DeviceIdentity => ({
  OUI,
  ProductClass,
  SerialNumber,
});
const idOf = (...fields: [string, string, string]): string => {
  const outcome = deviceIdOf(identity(...fields));
  return outcome.ok ? outcome.deviceId : outcome.reason;
};
const eidOf = (...fields: [string, string, string]): string => {
  const outcome = agentEndpointId(identity(...fields));
  return outcome.ok ? outcome.endpointId : outcome.reason;
};

t.test('OUI in upper case, everything but letters, digits, dot and underscore encoded', async (t) => {
  t.equal(idOf('00256d', 'STB', '0123456789'), '00256D-STB-0123456789');
  t.equal(idOf('00256D', 'A-B_c.d', 'x y'), '00256D-A%2DB_c.d-x%20y');
  t.equal(idOf('00256D', 'Küche/1', '%41'), '00256D-K%C3%BCche%2F1-%2541');
  t.equal(idOf('00256D', "!*'()~", ':'), '00256D-%21%2A%27%28%29%7E-%3A');
  t.equal(idOf('00256D', '', '1'), '00256D--1');
  t.equal(idOf('00 56{}', 'a', '1'), '00%2056%7B%7D-a-1', 'an OUI that is none');
  t.equal(idOf('00256D', 'half \uD800', '1'), '00256D-half%20%EF%BF%BD-1');
});

t.test('no serial number, no identity', async (t) => {
  for (const serial of ['', ' ', '\r\n\t']) {
    t.equal(idOf('00256D', 'STB', serial), 'empty-serial');
    t.equal(eidOf('00256D', 'STB', serial), 'empty-serial');
  }
  t.equal(idOf('00256D', 'STB', 'a'.repeat(257)), 'identity-too-long');
  t.equal(idOf('00256D', 'a'.repeat(257), '1'), 'identity-too-long');
});

t.test('the Endpoint ID is the device id, where that may be one', async (t) => {
  t.equal(eidOf('00256d', 'STB', '0123456789'), 'ops::00256D-STB-0123456789');
  t.equal(eidOf('00256D', 'A-B', '1'), 'ops::00256D-A%2DB-1');
  const fifty = idOf('00256D', 'P', 'a'.repeat(41));
  t.equal(fifty.length, 50);
  t.equal(eidOf('00256D', 'P', 'a'.repeat(41)), `ops::${fifty}`);
});

t.test('a UUID of the same fields otherwise', async (t) => {
  const uuid = /^uuid::[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  t.match(eidOf('00256D', 'P', 'a'.repeat(42)), uuid, 'over 50 characters');
  t.match(eidOf('00256D', 'P', 'ä'.repeat(10)), uuid, 'over 50 characters once encoded');
  for (const oui of ['', '00256', '00256D0', '00256G', 'ACME']) t.match(eidOf(oui, 'P', '1'), uuid, `OUI ${oui}`);
  t.equal(eidOf('acme', 'P', '1'), eidOf('ACME', 'P', '1'), 'the case of the OUI does not matter');
  t.not(eidOf('ACME', 'P', '1'), eidOf('ACME', 'p', '1'), 'that of the rest does');
});

t.test('the UUIDs are those of the fixed namespace, for ever', async (t) => {
  // As Python's uuid.uuid5 computes it in the namespace 374258e6-b054-4b2d-af6f-cdea6356c2f6.
  t.equal(eidOf('ACME', 'P', '1'), 'uuid::454626c2-f6cd-5a0b-a462-b4a239855b64');
});

t.test('ids are Endpoint IDs, and tell devices apart', async (t) => {
  const field = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('-', 'a-', '-a', '%2D', 'a', ''));
  const device = fc.tuple(fc.constantFrom('00256D', 'ACME-1', ''), field, field);
  const property = fc.property(device, device, (a, b) => {
    const [left, right] = [eidOf(...a), eidOf(...b)];
    if (left === 'empty-serial' || right === 'empty-serial') return true;
    const same = a.join('\n') === b.join('\n');
    return (
      isEndpointId(left) && isEndpointId(right) && (left === right) === same && (idOf(...a) === idOf(...b)) === same
    );
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 1000 }));
});
