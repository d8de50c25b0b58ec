// What every command wants to know: which gateway, who we are, how to print. From options, else from the environment.
import { isEndpointId } from '../usp/endpoint-id.ts';
import { durationOption, type Options, type OptionSpecs } from './arguments.ts';
import { misused, type Result, success } from './outcome.ts';

export interface Settings {
  /** Of the gateway, without a slash at its end: `http://127.0.0.1:8080`. */
  readonly gateway: string;
  /** Never printed. */
  readonly token: string | undefined;
  /** Whose devices; undefined: those of whoever the token is. */
  readonly tenant?: string;
  /** Endpoint ID under which the command speaks USP. */
  readonly controller: string;
  readonly json: boolean;
  readonly timeoutMs: number;
}

/** Variables of the command line. They share the gateway's prefix and mean nothing to it. */
const ENVIRONMENT = {
  gateway: 'CAUSEWAY_GATEWAY',
  token: 'CAUSEWAY_TOKEN',
  tenant: 'CAUSEWAY_TENANT',
  controller: 'CAUSEWAY_CONTROLLER',
} as const;

const DEFAULT_GATEWAY = 'http://127.0.0.1:8080';
/** One row in the Controller table of every Agent, whoever types the commands. */
export const DEFAULT_CONTROLLER = 'self::causeway-cli';

export const OFFLINE_OPTIONS: OptionSpecs = {
  json: { help: 'JSON on standard output instead of text' },
  help: { help: 'this text' },
};
export const API_OPTIONS: OptionSpecs = {
  gateway: { value: 'URL', help: `the gateway (${ENVIRONMENT.gateway}; default ${DEFAULT_GATEWAY})` },
  token: {
    value: 'TOKEN',
    help: `its http.token; better in ${ENVIRONMENT.token}, where other users of the machine do not see it`,
  },
  tenant: {
    value: 'NAME',
    help: `one of its tenants, for those who may see more than one (${ENVIRONMENT.tenant})`,
  },
  timeout: { value: 'TIME', help: 'how long to wait for an answer: 250ms, 60s, 5m' },
  ...OFFLINE_OPTIONS,
};
export const USP_OPTIONS: OptionSpecs = {
  ...API_OPTIONS,
  controller: { value: 'EID', help: `Endpoint ID to speak as (${ENVIRONMENT.controller})` },
};

function gatewayUrl(text: string): Result<string> {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    return misused('--gateway wants a URL, such as http://127.0.0.1:8080');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return misused('--gateway wants an http or https URL');
  if (url.username !== '' || url.password !== '') {
    return misused(`--gateway takes no user name or password; a token goes into ${ENVIRONMENT.token}`);
  }
  return success(`${url.origin}${url.pathname}`.replace(/\/+$/, ''));
}

export interface Defaults {
  readonly timeoutMs: number;
  readonly controller: string;
}

export function readSettings(
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
  defaults: Defaults,
): Result<Settings> {
  const given = (name: keyof typeof ENVIRONMENT): string | undefined =>
    options.value(name) ?? (environment[ENVIRONMENT[name]] === '' ? undefined : environment[ENVIRONMENT[name]]);
  const gateway = gatewayUrl(given('gateway') ?? DEFAULT_GATEWAY);
  if (!gateway.ok) return gateway;
  const timeoutMs = durationOption(options, 'timeout', defaults.timeoutMs);
  if (!timeoutMs.ok) return timeoutMs;
  const controller = given('controller') ?? defaults.controller;
  if (!isEndpointId(controller)) {
    return misused('--controller wants an Endpoint ID, such as self::my-controller or os::00256D-12345');
  }
  const token = given('token');
  // A header can hold nothing else; and what is wrong with a secret is not shown.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    return misused('the token may hold no white space and nothing but ASCII');
  const tenant = given('tenant');
  return success({
    gateway: gateway.value,
    token,
    ...(tenant !== undefined && { tenant }),
    controller,
    json: options.has('json'),
    timeoutMs: timeoutMs.value,
  });
}
