// Every setting of the gateway, once: its name, kind, default and what it is for. The names are the same in the file
// (nested), in the environment (`cwmp.listen` is CAUSEWAY_CWMP_LISTEN) and as flags (`--cwmp.listen`).
import { LOG_LEVELS } from '../operate/log.ts';
import { controllers } from './controllers.ts';
import { cwmpListeners } from './cwmp-listeners.ts';
import {
  count,
  duration,
  fileOrUrl,
  flag,
  keys,
  list,
  listen,
  oneOf,
  optionalListen,
  peer,
  type Setting,
  secret,
  size,
  someOf,
  text,
  url,
} from './kinds.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1024;

export const schema = {
  'cwmp.listen': optionalListen(
    'Where CPEs open their CWMP sessions; any path. Nothing: cwmp.listeners only.',
    '127.0.0.1:7547',
  ),
  'cwmp.listeners': cwmpListeners('More places for CPEs, each with settings of its own:'),
  'cwmp.auth': oneOf(['none', 'basic', 'digest'], 'none', 'How a CPE proves who it is in its Inform.'),
  tenants: list(
    ['default'],
    'Tenants of this gateway: each has its own devices and Controllers, and sees no others. Names of letters, digits, ' +
      'dots, hyphens and underscores; devices keep the name, so none is to be renamed or taken out.',
  ),
  'cwmp.tenant': text(
    '',
    'Tenant of a CPE for which neither an enrolment nor a listener names one, when it first comes, and of Controllers and ' +
      'users of the API for whom nothing names one; the first of tenants unless set.',
  ),
  'cwmp.enrolment': oneOf(
    ['open', 'allow-list', 'shared-secret'],
    'open',
    'allow-list: of the CPEs that prove who they are, only those that are enrolled are taken (causeway enrol). ' +
      'shared-secret: cwmp.username and cwmp.password are for the first contact; a CPE that has shown credentials of ' +
      'its own (credentials.provision) is taken with those only.',
  ),
  'cwmp.basicOverHttp': flag(false, 'Let cwmp.auth be basic beyond loopback: passwords pass in the clear.'),
  'cwmp.username': text('', 'User name that every CPE presents, when cwmp.auth asks for one.'),
  'cwmp.password': secret('Password that goes with cwmp.username.'),
  'cwmp.realm': text('causeway', 'Realm named in the challenge.'),
  'cwmp.digest': someOf(
    ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'],
    ['MD5'],
    'Hashes offered for Digest, a challenge each, in this order. Many CPEs read one challenge only: the first, or the last.',
  ),
  'cwmp.digestQop': flag(true, 'Whether Digest offers qop="auth"; answers with and without it are taken.'),
  'cwmp.nonceValidity': duration(5 * MINUTE, 'How long a Digest nonce is good for.', SECOND),
  'cwmp.keepAlive': duration(
    90 * SECOND,
    'Idle HTTP connections are kept this long; longer than any load balancer does.',
    SECOND,
  ),
  'cwmp.trustedProxies': list(
    [],
    'Proxies (addresses, CIDR) before cwmp.listen: their X-Forwarded-For counts, and their connections tell no CPEs apart.',
  ),
  'cwmp.proxied': flag(
    false,
    'Something before cwmp.listen, trusted or not, mixes CPEs on its connections: they are told apart by cookie only.',
  ),
  'cwmp.proxyProtocol': flag(
    false,
    'Connections from cwmp.trustedProxies begin with a PROXY header (version 1 or 2); no others may.',
  ),
  'cwmp.identifyByAddress': flag(
    false,
    'A CPE without cookie on a new connection is taken for the only one with an open session at its address.',
  ),
  'cwmp.bodyBeforeAuthentication': size(256 * KIB, 'Largest body from a CPE without an accepted Inform.'),
  'cwmp.body': size(16 * KIB * KIB, 'Largest body within an accepted session.'),
  'cwmp.informsPerMinute': count(
    30,
    'Informs that one CPE may send in a minute; more get 503 and Retry-After, unless it was called.',
  ),
  'cwmp.upstream': url(
    'Chain mode: the ACS that has the CPEs now, http(s)://…. Each session goes to it first and unchanged; when it has ' +
      "nothing more to say Causeway serves its own requests in the same session. Without a path, the CPE's own is kept.",
  ),
  'cwmp.upstreamUsername': text(
    '',
    'User name by which Causeway answers the challenges of cwmp.upstream; empty: they are passed on to the CPEs, unless cwmp.auth asks those itself.',
  ),
  'cwmp.upstreamPassword': secret('Password that goes with cwmp.upstreamUsername.'),
  'cwmp.upstreamTimeout': duration(30 * SECOND, 'How long cwmp.upstream may take to answer one POST.', 10),
  'cwmp.upstreamAway': oneOf(
    ['refuse', 'alone'],
    'refuse',
    'When cwmp.upstream does not answer. refuse: the CPE gets 503 and comes again with what it had to tell; alone: ' +
      'Causeway serves it, and the ACS never hears of that Inform.',
  ),
  'inform.spread': flag(
    false,
    'A CPE that reports BOOTSTRAP gets a PeriodicInformTime of its own: a fleet informs evenly over its interval. ' +
      'Without effect under cwmp.upstream.',
  ),
  'session.idle': duration(60 * SECOND, 'A session ends when the CPE is silent this long.', SECOND),
  'session.max': duration(30 * MINUTE, 'A session never lasts longer.', SECOND),
  'session.maxRpcs': count(10_000, 'RPCs in one session before it is ended.'),
  'session.cap': count(20_000, 'Sessions open at once on this node; a new one beyond them gets 503.'),
  'rpc.timeout': duration(90 * SECOND, 'How long a CPE may take to answer one RPC.', SECOND),
  'read.batch': count(64, 'Parameters in one GetParameterValues.', 1, 4096),
  'park.hold': duration(25 * SECOND, 'Longest single hold of a parked CPE.', SECOND),
  'park.idle': duration(60 * SECOND, 'A park ends this long after the last request.', SECOND),
  'park.max': duration(5 * MINUTE, 'A park ends after this long in any case.', SECOND),
  'park.poll': duration(10 * SECOND, 'A parked CPE that is watched is read at least this often.', SECOND),
  'park.batch': count(64, 'Watched parameters that a poll reads at most; a device with more is not polled.', 1, 4096),
  'park.cap': count(15_000, 'CPEs parked at once on this node.'),
  'reboot.grace': duration(90 * SECOND, 'No Connection Request after a Reboot until BOOT or this long.'),
  'diagnostic.bound': duration(
    10 * MINUTE,
    'During a diagnostic a CPE is not called until it reports, or this long.',
    SECOND,
  ),
  'request.deadline': duration(30 * SECOND, 'Bounds a request: waiting, reading, and the first changing step.', SECOND),
  'request.max': duration(120 * SECOND, 'Once it changes something, a request runs to its end within this.', SECOND),
  'mailbox.entries': count(64, 'Requests that wait for one device at most.'),
  'transfer.keep': duration(
    7 * DAY,
    'A Download, Upload or the like may take this long, from the wish to the report that it is done; then it expires.',
    SECOND,
  ),
  'transfer.cap': count(16, 'Transfers of one device that have not ended; one more is refused.', 1, 256),
  'connectionRequest.username': text('', 'User name for Connection Requests.'),
  'connectionRequest.password': secret('Password that goes with connectionRequest.username.'),
  'connectionRequest.networks': list(
    [],
    'Networks (CIDR) where CPEs may be called besides the address of their Inform.',
  ),
  'connectionRequest.timeout': duration(10 * SECOND, 'How long one Connection Request may take.', SECOND),
  'connectionRequest.arrival': duration(
    15 * SECOND,
    'How long an accepted Connection Request may take to bring an Inform.',
    SECOND,
  ),
  'credentials.provision': flag(
    false,
    'Give each CPE credentials of its own, for its Informs and for Connection Requests, once it has come with ' +
      'cwmp.username. Those that CPEs have stay good when this is switched off.',
  ),
  'credentials.keys': keys(
    32,
    'Keys that seal them in the store, the same on all nodes; the first seals, all unseal. Put a new one first: CPEs whose ' +
      'credentials are under another are given new ones as they come. Without any, the key lies in the store: that keeps ' +
      'them out of logs and dumps of single devices, but not from whoever has the whole store.',
  ),
  'credentials.maxAge': duration(0, 'Older ones are replaced when their CPE comes; 0s: never.'),
  'credentials.sharedAfterReset': flag(
    true,
    'With cwmp.enrolment shared-secret: a CPE with credentials of its own may come with the shared ones if it reports ' +
      '0 BOOTSTRAP, as after a factory reset. So may whoever has the shared ones and claims to be that CPE; where that is ' +
      'to be feared: false, and causeway credentials forget for each CPE that was reset.',
  ),
  'stun.listen': optionalListen(
    'UDP address of the STUN server, by which CPEs behind NAT are reached (TR-069 Annex G); none unless set. CPEs must ' +
      'find it as their STUNServerAddress and STUNServerPort, and requests leave from it.',
  ),
  'stun.username': text('', 'User name that CPEs present to the STUN server (STUNUsername); empty: none is asked for.'),
  'stun.password': secret('Password that goes with stun.username (STUNPassword).'),
  'xmpp.server': peer(
    'XMPP server by which CPEs are called that report a ConnReqJabberID (TR-069 Annex K), such as xmpp.example:5222; ' +
      'none unless set.',
  ),
  'xmpp.jid': text('', 'Jabber ID of this gateway at xmpp.server, without a resource, such as acs@xmpp.example.'),
  'xmpp.password': secret('Password that goes with xmpp.jid.'),
  'xmpp.tls': oneOf(
    ['required', 'direct', 'optional'],
    'required',
    'required: STARTTLS, unless the server is on loopback; direct: TLS from the first byte; optional: only if offered.',
  ),
  'xmpp.domains': list([], 'Domains of CPEs that may be called besides the domain of xmpp.jid.'),
  'tree.fresh': duration(60 * SECOND, 'How long the instances of a table are taken as known within a session.'),
  'tree.maxAge': duration(DAY, 'The whole instance tree is read again when it is older.', MINUTE),
  'subscription.cap': count(100, 'Subscriptions of one Agent.'),
  'notify.keep': duration(7 * DAY, 'Unanswered Notifies are kept this long.', MINUTE),
  'notify.cap': count(1000, 'Notifies kept for one Subscription; beyond it the oldest goes.'),
  'registry.cap': count(1_000_000, 'Devices of one tenant known at most.'),
  'http.listen': listen('127.0.0.1:8080', 'USP over WebSocket, and the REST API.'),
  'http.token': secret(
    "The operator's Bearer token: with it one may do everything, as any Controller and by the API. Without this and other " +
      'credentials (controllers, http.jwt, http.tls.clientCert) only loopback is served, and everybody there.',
  ),
  'http.tls.cert': text('', 'File with the certificate of http.listen and its chain (PEM); plain HTTP without it.'),
  'http.tls.key': text('', 'File with its private key (PEM).'),
  'http.tls.ca': text(
    '',
    'File with the CAs whose certificates Controllers may show (PEM). Rows of a template may let in others.',
  ),
  'http.tls.clientCert': oneOf(
    ['none', 'request', 'require'],
    'none',
    'Whether a Controller is asked for a certificate, which names its Endpoint ID (URI urn:bbf:usp:id:…, or DNS for fqdn::). ' +
      'require: also those with a token; controllers gives roles to such Controllers.',
  ),
  'http.tls.minVersion': oneOf(['TLSv1.2', 'TLSv1.3'], 'TLSv1.2', 'Oldest version of TLS that is spoken.'),
  'http.tls.ciphers': text('', "Cipher suites in OpenSSL's notation; Node's own where it is empty."),
  'http.wrongTokens': count(
    10,
    'Wrong Bearer tokens that one address may show in a row, less than a minute apart, and get 401; the next get 429 and are ' +
      'put off, up to a minute. Right ones always pass, so that nobody is locked out behind a proxy. 0: no limit.',
    0,
    1_000_000,
  ),
  'http.apiRole': text(
    '',
    'Role with which a credential that names roles (controllers, http.jwt) lets one use the API; empty: none does.',
  ),
  'http.jwt.jwks': fileOrUrl(
    'Keys (JWKS) of the identity provider whose tokens (JWT) Controllers present: a file, or https://…; none unless set.',
  ),
  'http.jwt.issuer': text('', 'Issuer (iss) of those tokens.'),
  'http.jwt.audience': list([], 'Audience (aud) of those tokens: one of these.'),
  'http.jwt.algorithms': someOf(
    ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
    ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
    'Algorithms by which those tokens may be signed.',
  ),
  'http.jwt.clockTolerance': duration(10 * SECOND, "How far the issuer's clock may be from ours."),
  'http.jwt.refresh': duration(
    10 * MINUTE,
    'The keys are read again when they are older than this; when a token names an unknown one, at once.',
    SECOND,
  ),
  'http.jwt.endpointClaim': text('sub', "Claim with the Controller's Endpoint ID, which must be that of eid=."),
  'http.jwt.rolesClaim': text(
    'roles',
    'Claim with the names of its roles, as a list or with blanks between them; realm_access.roles: one within another.',
  ),
  'http.jwt.tenantClaim': text('', 'Claim with its tenant, which every token must then have; empty: the common one.'),
  controllers: controllers('Controllers with credentials and roles of their own:'),
  'files.listen': listen(
    '127.0.0.1:7548',
    'Where CPEs load and bring files. Nothing is served without a URL that the gateway gave: it is the credential.',
  ),
  'public.files': url(
    'files.listen as CPEs reach it, such as https://files.example.net/cpe; wanted where that is all addresses.',
  ),
  'files.max': size(512_000_000, 'Largest file, loaded or brought.'),
  'files.total': size(
    10_000_000_000,
    'All files together, in data.dir/blobs or files.bucket; beyond it uploads are refused.',
  ),
  'files.bucket': url(
    'S3-compatible bucket with the files of all nodes: https://host/bucket or https://host/bucket/prefix; without it they ' +
      'lie in data.dir/blobs of each node.',
  ),
  'files.region': text('us-east-1', 'Region of files.bucket, as its server names it.'),
  'files.accessKey': text('', 'Access key ID for files.bucket.'),
  'files.secretKey': secret('Secret access key that goes with files.accessKey.'),
  'files.bucketTimeout': duration(
    20 * SECOND,
    'How long files.bucket may take for one request, such as 8 MiB of a file; beyond it CPEs get 503.',
    SECOND,
  ),
  'files.idle': duration(
    30 * SECOND,
    'A transfer of a file that moves less than 64 KiB in this long is ended.',
    SECOND,
  ),
  'files.transfers': count(200, 'Files loaded and brought at once on this node; more get 503 and Retry-After.'),
  'files.sources': list(
    [],
    'Hosts from which Controllers may have firmware fetched by the gateway, to be checked and kept until it is activated: ' +
      'names, *.suffix, addresses or networks, each with :port or for any.',
  ),
  'mapping.rules': text(
    '',
    'Folder with rule files of your own (*.yaml, see mappings/README.md), which say how TR-098 devices are shown before ' +
      'those of Causeway do.',
  ),
  'usp.record': size(1024 * KIB, 'Largest USP Record accepted.'),
  'usp.limits.records': count(
    10_000,
    'USP Records a second that one Controller may send to this node, and as many at once; beyond it they are read later.',
    10,
  ),
  'usp.limits.requests': count(
    10_000,
    'Requests of one Controller that wait for devices on this node; one more is answered with 7005.',
  ),
  'usp.limits.connections': count(10_000, 'WebSockets of one Controller on this node; one more gets 429.'),
  'usp.ping': duration(
    30 * SECOND,
    'A WebSocket is pinged this often, and closed when two pings go unanswered.',
    SECOND,
  ),
  'usp.dial.hosts': list(
    [],
    'Where Agents may open WebSockets to the Controllers of their rows: host names, *.suffix, addresses and networks, each ' +
      'with :port or for any port. Empty: nobody dials. A name never leads to loopback or link-local, nor one by its suffix ' +
      'to a private address, unless that address is listed, too.',
  ),
  'usp.dial.ca': text('', 'PEM file of the CAs of such Controllers; without one those that Node trusts.'),
  'usp.dial.cert': text('', 'PEM file of the certificate that Agents show to them; with usp.dial.key.'),
  'usp.dial.key': text('', 'PEM file of the private key of usp.dial.cert.'),
  'usp.dial.timeout': duration(
    15 * SECOND,
    'How long a dial may take from the look-up of the name to the open WebSocket.',
    100,
  ),
  'usp.dial.handshakes': count(
    256,
    'Dials of this node that are under way at once; of them one Controller gets a quarter at most.',
  ),
  'usp.dial.cap': count(50_000, 'Dials of this node; beyond it Agents do not dial. Each takes a file descriptor.'),
  'usp.native': oneOf(
    ['refuse', 'shadow'],
    'refuse',
    'A CPE that runs a USP Agent of its own, switched on (Device.USPAgent.), has none here: refuse ignores Records for it ' +
      '(record_dropped{reason="native-agent"}). shadow: it has one all the same.',
  ),
  'usp.trust': text(
    '',
    'PEM file with the CAs, or the certificates themselves, of Controllers that sign their Records. A Record whose signature ' +
      'does not check by them is ignored; without this file every signed one.',
  ),
  'operate.listen': listen('127.0.0.1:9090', 'Health and metrics: /livez, /readyz, /metrics.'),
  'redis.url': url(
    'Redis as the store of several nodes: redis://user:password@host:6379/0, rediss:// for TLS; without it data.dir.',
  ),
  'redis.timeout': duration(
    2 * SECOND,
    'How long Redis may take to answer; beyond it a step fails, and CPEs get 503.',
    10,
  ),
  'data.dir': text('causeway-data', 'Folder of the embedded store.'),
  'data.sync': oneOf(
    ['none', 'batch'],
    'none',
    'batch: acknowledged steps survive power loss; none: they survive kill -9.',
  ),
  'node.id': text('', 'Name of this node in logs; the host name if empty.'),
  'profiles.dir': text('', 'Folder with more CWMP profiles, read after those of the distribution.'),
  'log.level': oneOf(LOG_LEVELS, 'info', 'Least level that is logged.'),
  insecure: flag(false, 'Start although a listener beyond loopback has no credentials.'),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof schema;
export type Config = { readonly [N in SettingName]: (typeof schema)[N] extends Setting<infer T> ? T : never };
