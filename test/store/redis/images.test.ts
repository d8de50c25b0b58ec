// What a node remembers of devices, and for how long.
import t from 'tap';
import { imageOf, Images } from '../../../proxy/store/redis/images.ts';
import { keyOf } from '../contract/samples.ts';

const image = (bytes: number): ReturnType<typeof imageOf> => imageOf(['#', 'token', 'state', 'x'.repeat(bytes - 5)]);

t.test('a reply is a token and fields', async (t) => {
  t.match(imageOf(['state', '{}', '#', 'token', 'local', '']), { token: 'token' });
  t.same(
    [...imageOf(['state', '{}', '#', 'token', 'local', '']).fields],
    [
      ['state', '{}'],
      ['local', ''],
    ],
  );
  t.match(imageOf([]), { token: '' });
});

t.test('beyond the capacity those of the oldest steps go', async (t) => {
  const images = new Images(100);
  const known = (): readonly string[] => ['1', '2', '3'].filter((serial) => images.get(keyOf(serial)) !== undefined);
  for (const serial of ['1', '2']) images.set(keyOf(serial), image(40));
  images.set(keyOf('1'), image(40));
  images.set(keyOf('3'), image(40));
  t.same(known(), ['1', '3'], 'a device’s latest step counts');
  images.set(keyOf('1'), image(20));
  images.set(keyOf('2'), image(40));
  t.same(known(), ['1', '2', '3'], 'as large as they are now');
  images.delete(keyOf('2'));
  images.delete(keyOf('2'));
  t.same(known(), ['1', '3']);
  images.set(keyOf('2'), image(1000));
  t.same(known(), [], 'one that is too large is not kept at all');
});

t.test('tenants are told apart', async (t) => {
  const images = new Images(1000);
  images.set(keyOf('1', 'a'), image(10));
  t.equal(images.get(keyOf('1', 'b')), undefined);
});
