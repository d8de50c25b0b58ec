// CPEs through real HAProxy, which speaks HTTP.
import t from 'tap';
import { noCrossTalk } from './no-cross-talk.ts';
import { missingProxy, startHaproxy } from './real-proxies.ts';

t.test('a thousand sessions through HAProxy', { skip: missingProxy('haproxy') }, (t) => noCrossTalk(t, startHaproxy));
