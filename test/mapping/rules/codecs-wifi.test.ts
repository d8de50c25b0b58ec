// WiFi between TR-098's words and those of Device:2.
import t from 'tap';
import type { EnumRule } from '../../../proxy/mapping/rules/document.ts';
import { afterWriting, codecNamed } from './codec-at-hand.ts';

type Texts = readonly (string | undefined)[];

await t.test('the band is what a vendor calls it, or what the channel says', async (t) => {
  const band = codecNamed('wifi.band');
  const shown: readonly [Texts, string | undefined][] = [
    [['6'], '2.4GHz'],
    [['116', undefined], '5GHz'],
    [['0', '36-165'], '5GHz'],
    [['0', '1,2,3'], '2.4GHz'],
    [['5GHz'], '5GHz'],
    [['2.4G'], '2.4GHz'],
    [['6GHz'], '6GHz'],
    [['0', ''], undefined],
    [['', undefined], undefined],
  ];
  for (const [texts, value] of shown) t.equal(band.read(texts), value, JSON.stringify(texts));
  t.notOk('write' in band, 'and nobody writes it');
});

await t.test('a channel of 0 is automatic: the one in use is shown', async (t) => {
  const channel = codecNamed('wifi.channel');
  t.equal(channel.read(['0', '11']), '11');
  t.equal(channel.read(['0', '1,2,3,4']), undefined, 'a list of all of them says nothing');
  t.equal(channel.read(['6', '11']), '6');
  t.same(afterWriting(channel, '11', ['0', '11']), ['0', '11'], 'what is shown is not written over automatic');
  t.same(afterWriting(channel, '1', ['6', '6']), ['1', '6']);
});

/** BeaconType, BasicEncryptionModes, BasicAuthenticationMode, WPAAuthenticationMode, IEEE11iAuthenticationMode, WEPEncryptionLevel */
const modes: readonly [Texts, string][] = [
  [['None', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', '104-bit'], 'None'],
  [['Basic', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', '104-bit'], 'None'],
  [['Basic', 'WEPEncryption', 'None', 'PSKAuthentication', 'PSKAuthentication', '104-bit'], 'WEP-128'],
  [['Basic', 'WEPEncryption', 'None', 'PSKAuthentication', 'PSKAuthentication', '40-bit'], 'WEP-64'],
  [
    ['Basic', 'WEPEncryption', 'None', 'PSKAuthentication', 'PSKAuthentication', 'Disabled,40-bits,104-bits'],
    'WEP-128',
  ],
  [['WPA', 'None', 'None', 'PSKAuthentication', 'EAPAuthentication', ''], 'WPA-Personal'],
  [['WPA', 'None', 'None', 'EAPAuthentication', 'PSKAuthentication', ''], 'WPA-Enterprise'],
  [['11i', 'None', 'SharedAuthentication', 'EAPAuthentication', 'PSKAuthentication', ''], 'WPA2-Personal'],
  [['11i', 'None', 'None', 'PSKAuthentication', 'EAPandPSKAuthentication', ''], 'WPA2-Enterprise'],
  [['WPAand11i', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', ''], 'WPA-WPA2-Personal'],
  [['WPAand11i', 'None', 'None', 'EAPAuthentication', 'EAPAuthentication', ''], 'WPA-WPA2-Enterprise'],
  [['BasicandWPAand11i', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', ''], 'WPA-WPA2-Personal'],
];

await t.test('six parameters are one mode of security', async (t) => {
  const mode = codecNamed('wifi.mode');
  for (const [texts, value] of modes) {
    t.equal(mode.read(texts), value, texts.join(' '));
    t.same(afterWriting(mode, value, texts), texts, `${value} written over itself changes nothing`);
  }
  t.equal(mode.read(['WPA9', 'None', 'None']), 'WPA9', 'what nobody knows is shown as it came');
});

await t.test('WPA3 has the words of the device', async (t) => {
  const plain = codecNamed('wifi.mode:WPA3,11iandWPA3');
  const wpa3 = ['WPA3', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', ''];
  t.equal(plain.read(wpa3), 'WPA3-Personal');
  t.equal(plain.read(['11iandWPA3', ...wpa3.slice(1)]), 'WPA3-Personal-Transition');
  t.equal(plain.read(['WPA3', '', '', '', 'EAPAuthentication']), 'WPA3-Enterprise');
  t.equal(plain.read(['OWE']), 'OWE');
  t.same(afterWriting(plain, 'WPA3-Personal-Transition', wpa3), ['11iandWPA3', ...wpa3.slice(1)]);
  t.same(afterWriting(plain, 'WPA2-Personal', wpa3), ['11i', ...wpa3.slice(1)]);
  t.equal(afterWriting(codecNamed('wifi.mode'), 'WPA3-Personal-Transition', wpa3), undefined, 'it was told no words');
  t.throws(() => codecNamed('wifi.mode:WPA3'), /two words/);

  const own = codecNamed('wifi.mode:WPA3,WPA2/WPA3,SAE,PSKandSAE');
  const mixed = ['WPAand11i', 'None', 'None', 'PSKAuthentication', 'EAPAuthentication', '', 'PSKAuthentication'];
  t.equal(own.read(mixed), 'WPA-WPA2-Personal', 'by the parameter for both');
  t.same(afterWriting(own, 'WPA3-Personal', mixed), ['WPA3', ...mixed.slice(1, 6), 'SAE']);
  const both = afterWriting(own, 'WPA3-Personal-Transition', mixed);
  t.same(both, ['WPA2/WPA3', ...mixed.slice(1, 6), 'PSKandSAE']);
  t.equal(own.read(both ?? []), 'WPA3-Personal-Transition');
  t.equal(own.read(afterWriting(own, 'WPA3-Enterprise', mixed) ?? []), 'WPA3-Enterprise');
  t.equal(own.read(afterWriting(own, 'WPA-WPA2-Enterprise', mixed) ?? []), 'WPA-WPA2-Enterprise');

  const supported = codecNamed('wifi.modes-supported');
  t.notMatch(supported.read(['11i']), /WPA3/, 'of another nobody knows it');
  t.match(supported.read(['WPA3']), /WPA3-Personal-Transition/);
  const encryption = codecNamed('wifi.encryption');
  t.equal(encryption.read(['WPA3']), 'AES');
  t.equal(encryption.read(['WPAand11i', 'TKIPEncryption', 'TKIPEncryption', 'TKIPandAESEncryption']), 'TKIP,AES');
});

await t.test('every mode, written over every other, reads back or is refused', async (t) => {
  const mode = codecNamed('wifi.mode');
  let refusals = 0;
  for (const [before] of modes) {
    for (const [, value] of modes) {
      const after = afterWriting(mode, value, before);
      if (after === undefined) refusals += 1;
      else t.equal(mode.read(after), value, `${value} over ${before.join(' ')}`);
    }
  }
  t.ok(refusals > 0, 'a length of WEP keys that the device does not have is refused');
  const plain = ['Basic', 'None', 'None', 'PSKAuthentication', 'PSKAuthentication', '104-bit'];
  t.equal(afterWriting(mode, 'WEP-64', plain), undefined);
  t.equal(afterWriting(mode, 'WPA3-Personal', plain), undefined, 'TR-098 has no word for WPA3');
  t.same(afterWriting(mode, 'WPA2-Personal', plain), [
    '11i',
    'None',
    'None',
    'PSKAuthentication',
    'PSKAuthentication',
    '104-bit',
  ]);
});

await t.test('encryption is that of the beacon', async (t) => {
  const encryption = codecNamed('wifi.encryption');
  t.equal(encryption.read(['11i', 'TKIPEncryption', 'AESEncryption']), 'AES');
  t.equal(encryption.read(['WPA', 'TKIPEncryption', 'AESEncryption']), 'TKIP');
  t.equal(encryption.read(['WPAand11i', 'TKIPEncryption', 'TKIPandAESEncryption']), 'TKIP,AES');
  t.equal(encryption.read(['Basic', 'TKIPEncryption', 'AESEncryption']), '');
  t.same(afterWriting(encryption, 'AES', ['WPAand11i', 'TKIPEncryption', 'TKIPEncryption']), [
    'WPAand11i',
    'AESEncryption',
    'AESEncryption',
  ]);
  t.same(afterWriting(encryption, 'AES', ['WPA', 'TKIPEncryption', 'TKIPEncryption']), [
    'WPA',
    'AESEncryption',
    'TKIPEncryption',
  ]);
  t.equal(afterWriting(encryption, 'AES', ['Basic', 'TKIPEncryption', 'AESEncryption']), undefined);
});

await t.test('the WEP key is the one that is in use', async (t) => {
  const key = codecNamed('wifi.wep-key');
  t.equal(key.read(['2', 'aaaaaaaaaa', 'bbbbbbbbbb', '', '']), 'bbbbbbbbbb');
  t.same(afterWriting(key, '0123456789', ['2', 'a', 'b', 'c', 'd']), ['2', 'a', '0123456789', 'c', 'd']);
});

/** Standard and channel, and what they mean. */
const spellings: readonly [string, string, string][] = [
  ['11bgn', '2', 'b,g,n'],
  ['11bg', '2', 'b,g'],
  ['11ac', '36', 'a,n,ac'],
  ['11ax', '36', 'a,n,ac,ax'],
  ['11ax', '1', 'b,g,n,ax'],
  ['11na', '36', 'a,n'],
  ['b,g,n', '1', 'b,g,n'],
  ['a,n,ac', '36', 'a,n,ac'],
  ['b/g/n', '1', 'b,g,n'],
  ['n', '6', 'b,g,n'],
  ['n', '36', 'a,n'],
  ['ac', '36', 'a,n,ac'],
  ['g', '6', 'b,g'],
  ['g-only', '6', 'g'],
  ['b', '6', 'b'],
  ['bgn', '6', 'b,g,n'],
  ['anac', '36', 'a,n,ac'],
];

await t.test('standards in every spelling', async (t) => {
  const standards = codecNamed('wifi.standards');
  for (const [text, channel, value] of spellings)
    t.equal(standards.read([text, channel, undefined]), value, `${text} on ${channel}`);
  t.equal(standards.read(['turbo', '6']), 'turbo', 'what nobody knows is shown as it came');
});

await t.test('standards are written in the spelling that the device has', async (t) => {
  const standards = codecNamed('wifi.standards');
  const write = (before: string, channel: string, value: string): string | undefined =>
    afterWriting(standards, value, [before, channel, undefined])?.[0];
  t.equal(write('11bg', '2', 'b,g,n'), '11bgn');
  t.equal(write('11bgn', '2', 'b,g'), '11bg');
  t.equal(write('11ax', '36', 'a,n,ac'), '11ac');
  t.equal(write('b,g', '2', 'b,g,n'), 'b,g,n');
  t.equal(write('g', '2', 'b,g,n'), 'n');
  t.equal(write('n', '2', 'b,g'), 'g');
  t.equal(write('n', '2', 'g'), 'g-only');
  t.equal(write('bg', '2', 'b,g,n'), 'bgn');
  t.equal(write('n', '36', 'b,g,n'), undefined, 'not on that band');
  t.equal(write('11bgn', '2', 'n,g,b'), undefined, 'a list that is not as it would be read');
});

await t.test('what is supported includes what is in use', async (t) => {
  const supported = codecNamed('wifi.standards-supported');
  t.equal(supported.read(['11bg', '2', undefined]), 'b,g,n');
  t.equal(supported.read(['11ax', '36', undefined]), 'a,n,ac,ax');
  t.equal(supported.read(['n', '0', '36,40']), 'a,n,ac');
});

await t.test('a country has a third place', async (t) => {
  const domain = codecNamed('wifi.regulatory-domain');
  t.equal(domain.read(['GB']), 'GB ');
  t.equal(domain.read(['BRI']), 'BRI');
  t.equal(domain.read(['00']), undefined);
  t.same(afterWriting(domain, 'DE ', ['GB']), ['DE']);
  t.same(afterWriting(domain, 'DE ', ['BRI']), ['DE ']);
  t.equal(afterWriting(domain, 'DEI', ['GB']), undefined);
});

await t.test('WPS', async (t) => {
  const pin = codecNamed('wps.pin');
  t.equal(pin.read(['1234567']), '01234567');
  t.equal(pin.read(['0']), '');
  t.same(afterWriting(pin, '01234567', ['0']), ['1234567']);
  t.equal(afterWriting(pin, '1234', ['0']), undefined, 'four digits would be eight when read');
  const version = codecNamed('wps.version');
  t.same(
    ['16', '32', '2', '0', '1.0'].map((text) => version.read([text])),
    ['1.0', '2.0', '2.0', '', '1.0'],
  );
  const status = codecNamed('wps.status');
  t.equal(status.read(['Configured', '0', 'Unlocked', 'NoError']), 'Disabled');
  t.equal(status.read(['Configured', '1', 'LockedByLocalManagement', 'NoError']), 'SetupLocked');
  t.equal(status.read(['Configured', undefined, undefined, undefined]), 'Configured');
  t.equal(status.read(['Not configured', '1', '', '']), 'Unconfigured');
  t.equal(status.read(['', '1', '', 'DecryptionFailure']), 'Error');
});

await t.test('the radio is down when it is switched off, whatever its rows say', async (t) => {
  const status = codecNamed('wifi.radio-status');
  t.equal(status.read(['Up', '1']), 'Up');
  t.equal(status.read(['Up', '0']), 'Down');
  t.equal(status.read(['Disabled', undefined]), 'Down');
  t.equal(status.read(['Elsewhere', undefined]), 'Unknown');
});

await t.test('tables of words', async (t) => {
  const table = (
    read: readonly [string, string][],
    write: readonly [string, string][],
    otherwise?: string,
  ): EnumRule => ({
    read: new Map(read),
    write: new Map(write),
    otherwise,
  });
  const enums = new Map([
    [
      'protocol',
      table(
        [
          ['TCP', 'TCP'],
          ['tcp', 'TCP'],
          ['UDP', 'UDP'],
        ],
        [],
      ),
    ],
    [
      'status',
      table(
        [
          ['Up', 'Up'],
          ['Disabled', 'Down'],
        ],
        [],
        'Unknown',
      ),
    ],
    [
      'methods',
      table(
        [
          ['Lable', 'Label'],
          ['PushButton', 'PushButton'],
          ['Keypad', 'PIN'],
        ],
        [['PIN', 'Keypad']],
      ),
    ],
  ]);
  const protocol = codecNamed('enum:protocol', 'string', enums);
  t.equal(protocol.read(['udp']), 'UDP', 'in any case');
  t.equal(protocol.read(['BOTH']), 'BOTH', 'without another word it is shown as it came');
  t.same(afterWriting(protocol, 'TCP', ['tcp']), ['tcp'], 'the spelling that is there stays');
  t.same(afterWriting(protocol, 'TCP', ['UDP']), ['TCP'], 'otherwise the first is written');
  t.equal(afterWriting(protocol, 'SCTP', ['UDP']), undefined);
  t.equal(codecNamed('enum:status', 'string', enums).read(['Initializing']), 'Unknown');
  const methods = codecNamed('enum-list:methods', 'string', enums);
  t.equal(methods.read(['PushButton Lable']), 'PushButton,Label');
  t.equal(methods.read(['PushButton,Telepathy']), 'PushButton', 'what nobody knows is left out');
  t.same(afterWriting(methods, 'PIN,PushButton', ['PushButton']), ['Keypad,PushButton']);
});
