// CPEs through real nginx.
import t from 'tap';
import { noCrossTalk } from './no-cross-talk.ts';
import { missingProxy, startNginx } from './real-proxies.ts';

t.test('a thousand sessions through nginx', { skip: missingProxy('nginx') }, (t) => noCrossTalk(t, startNginx));
