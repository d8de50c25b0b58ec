// What one Controller may take: a rate with a burst, and requests in flight.
import t from 'tap';
import { InFlight } from '../../proxy/endpoint/in-flight.ts';
import { Limits } from '../../proxy/endpoint/limits.ts';
import { TokenBucket } from '../../proxy/endpoint/token-bucket.ts';

t.test('a bucket', async (t) => {
  const bucket = new TokenBucket(100);
  for (let count = 0; count < 100; count += 1) t.equal(bucket.take(0), 0, 'a second’s worth at once');
  t.equal(bucket.take(0), 10, 'then each has to wait for its own');
  t.equal(bucket.take(0), 20);
  t.equal(bucket.take(20), 10, 'what has run in meanwhile counts');
  t.equal(bucket.take(30), 10);
  t.equal(bucket.take(-1000), 20, 'a clock that is set back brings nothing');
  t.equal(bucket.take(60_000), 0);
  for (let count = 0; count < 99; count += 1) bucket.take(60_000);
  t.equal(bucket.take(60_000), 10, 'however long nothing came: a second’s worth');
});

t.test('all connections of a Controller share one', async (t) => {
  const limits = new Limits({ records: 10, requests: 1, connections: 1, requestLifetimeMs: 1000 });
  t.equal(limits.bucketOf('default', 'self::a'), limits.bucketOf('default', 'self::a'));
  t.not(limits.bucketOf('default', 'self::a'), limits.bucketOf('default', 'self::b'));
  t.not(limits.bucketOf('default', 'self::a'), limits.bucketOf('acme', 'self::a'));
});

t.test('requests in flight', async (t) => {
  const inFlight = new InFlight(2, 1000);
  t.ok(inFlight.begin('a', 'a 1', 0));
  t.ok(inFlight.begin('a', 'a 2', 100));
  t.notOk(inFlight.begin('a', 'a 3', 100));
  t.ok(inFlight.begin('a', 'a 1', 100), 'a repeat is the same request');
  t.ok(inFlight.begin('b', 'b 1', 100), 'another Controller');
  inFlight.end('a 2');
  inFlight.end('a 2');
  t.ok(inFlight.begin('a', 'a 3', 200));
  t.notOk(inFlight.begin('a', 'a 4', 999));
  t.ok(inFlight.begin('a', 'a 4', 1000), 'one that nobody has answered is over in time');
  t.equal(inFlight.size, 3);
  t.ok(inFlight.begin('c', 'c 1', 5000));
  t.equal(inFlight.size, 1, 'and all are forgotten');
});
