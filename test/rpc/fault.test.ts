// The names of fault codes.
import t from 'tap';
import { faultName, faultSide } from '../../proxy/rpc/fault.ts';

t.test('every code of TR-069 has a name of its own side', async (t) => {
  const codes = [
    ...Array.from({ length: 33 }, (_, index) => 9000 + index),
    ...Array.from({ length: 7 }, (_, index) => 8000 + index),
  ];
  for (const code of codes) t.match(faultName(code), /^[A-Z]/, String(code));
  for (const code of [0, 7000, 8007, 8800, 9033, 9800, NaN]) t.equal(faultName(code), undefined, String(code));
});

t.test('whose mistake it was', async (t) => {
  for (const code of [8003, 9003, 9005, 9006, 9007, 9008]) t.equal(faultSide(code), 'Client', String(code));
  for (const code of [8000, 8001, 8002, 8004, 8005, 9000, 9002, 9800, 0])
    t.equal(faultSide(code), 'Server', String(code));
});
