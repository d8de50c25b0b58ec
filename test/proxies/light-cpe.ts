// A CPE that is little more than its cookie: what it is asked it answers from four parameters, two of which are nobody
// else's, and it keeps a list of all that it was sent and that can only have been meant for another.
import { Agent, request } from 'node:http';
import { cpeText, informText } from '../gateway/south-tools.ts';

export const HELD = 'Device.DeviceInfo.SerialNumber';
export const GIVEN = 'Device.DeviceInfo.ProvisioningCode';

const CALLED_AT = 'Device.ManagementServer.ConnectionRequestURL';

export interface LightCpe {
  readonly serial: string;
  readonly endpointId: string;
  /** Where it is called by a Connection Request. */
  readonly calledAt: string;
  /** The value of HELD: of this CPE only. */
  readonly held: string;
  /** The value of GIVEN: a Controller sets it to `given-to-` and the serial. */
  given: string;
  /** What was another's; nothing in a good world. */
  readonly foreign: string[];
  /** Sessions that ended with 204. */
  sessions: number;
}

interface Answer {
  readonly status: number;
  readonly cookie: string | undefined;
  readonly body: string;
}

const PRODUCT_CLASS = 'Light';
const MOST_POSTS = 20;

/** `calls` is the URL of whoever takes Connection Requests for all of them. */
export const lightCpe = (serial: string, calls: string): LightCpe => ({
  serial,
  calledAt: `${calls}${serial}`,
  endpointId: `ops::02C0DE-${PRODUCT_CLASS}-${serial}`,
  held: `held-by-${serial}`,
  given: '',
  foreign: [],
  sessions: 0,
});

/**
 * One session, to its 204. With `newConnections` each POST comes on a connection of its own. The serial goes into a
 * header, so that who stands behind the proxy can see whose a POST is without knowing of cookies.
 */
export async function runSession(cpe: LightCpe, url: string, newConnections: boolean): Promise<void> {
  const agent = new Agent({ keepAlive: !newConnections, maxSockets: 1 });
  try {
    const id = `${cpe.serial}-${cpe.sessions}`;
    const values = { 'Device.DeviceInfo.SoftwareVersion': '1', [CALLED_AT]: cpe.calledAt };
    const inform = informText({ serial: cpe.serial, productClass: PRODUCT_CLASS, id, values });
    const opened = await post(cpe, url, agent, inform, undefined);
    // An InformResponse names nobody but the Inform that it answers.
    if (opened.status !== 200 || !opened.body.includes(`>${id}<`)) cpe.foreign.push(`${opened.status} ${opened.body}`);
    let body = '';
    for (let posts = 0; posts < MOST_POSTS; posts += 1) {
      const answer = await post(cpe, url, agent, body, opened.cookie);
      if (answer.status === 204) {
        cpe.sessions += 1;
        return;
      }
      if (answer.status !== 200) throw new Error(`${cpe.serial}: ${answer.status} ${answer.body}`);
      body = answerTo(cpe, answer.body);
    }
    throw new Error(`${cpe.serial}: the session does not end`);
  } finally {
    agent.destroy();
  }
}

function post(cpe: LightCpe, url: string, agent: Agent, body: string, cookie: string | undefined): Promise<Answer> {
  const headers = {
    'X-Cpe': cpe.serial,
    // As a proxy nearer to the CPE would have it, also where no other stands between: it may be called on loopback.
    'X-Forwarded-For': '127.0.0.1',
    'Content-Type': 'text/xml',
    'Content-Length': Buffer.byteLength(body),
    ...(cookie === undefined ? {} : { Cookie: cookie }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('error', reject).on('end', () => {
        const given = response.headers['set-cookie']?.[0]?.split(';')[0];
        resolve({ status: response.statusCode ?? 0, cookie: given, body: text });
      });
    });
    sent.on('error', reject).end(body);
  });
}

const struct = (name: string, value: string): string =>
  `<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:string">${value}</Value></ParameterValueStruct>`;

/** The response of this CPE to an RPC of the gateway. */
export function answerTo(cpe: LightCpe, asked: string): string {
  const id = /:ID[^>]*>([^<]*)</.exec(asked)?.[1] ?? '';
  const rpc = /Body><cwmp:(\w+)/.exec(asked)?.[1] ?? '';
  return cpeText(`<cwmp:${rpc}Response>${contentOf(cpe, rpc, asked)}</cwmp:${rpc}Response>`, id);
}

function contentOf(cpe: LightCpe, rpc: string, asked: string): string {
  switch (rpc) {
    case 'GetRPCMethods':
      return '<MethodList><string>GetParameterNames</string><string>GetParameterValues</string><string>SetParameterValues</string></MethodList>';
    case 'GetParameterNames': {
      const names = ['Device.', 'Device.DeviceInfo.', 'Device.DeviceInfo.SoftwareVersion', HELD, GIVEN];
      const writable = (name: string): number => (name === GIVEN ? 1 : 0);
      const each = names.map(
        (name) =>
          `<ParameterInfoStruct><Name>${name}</Name><Writable>${writable(name)}</Writable></ParameterInfoStruct>`,
      );
      return `<ParameterList>${each.join('')}</ParameterList>`;
    }
    case 'GetParameterValues': {
      const values = { 'Device.DeviceInfo.SoftwareVersion': '1', [HELD]: cpe.held, [GIVEN]: cpe.given };
      const found = Object.entries(values).filter(([name]) => asked.includes(`>${name}<`));
      return `<ParameterList>${found.map(([name, value]) => struct(name, value)).join('')}</ParameterList>`;
    }
    case 'SetParameterValues': {
      cpe.given = /<Value[^>]*>([^<]*)</.exec(asked)?.[1] ?? '';
      if (cpe.given !== `given-to-${cpe.serial}`) cpe.foreign.push(asked);
      return '<Status>0</Status>';
    }
    default:
      cpe.foreign.push(asked);
      return '';
  }
}
