// The command line of the gateway: what it may say, and the configuration that follows from it.
import { existsSync, readFileSync } from 'node:fs';
import { describeSettings, type LoadedConfig, loadConfig } from '../config/load.ts';
import { CausewayError } from '../errors.ts';

const DEFAULT_FILE = 'causeway.yaml';

export const HELP = `causeway: shows every TR-069 (CWMP) device as a USP Agent

  npm start -- [options]

  --config FILE      settings from this file (default: ${DEFAULT_FILE}, if it is there)
  --print-config     print every setting, its value and where it came from, and end
  --insecure         start although a listener beyond loopback has no credentials
  --help             this text
  --<setting> VALUE  any setting below; the same names nest in the file and stand in the
                     environment as CAUSEWAY_… (cwmp.listen is CAUSEWAY_CWMP_LISTEN)

Settings
${describeSettings()}
`;

export interface Arguments {
  readonly file: string | undefined;
  readonly printConfig: boolean;
  readonly help: boolean;
  readonly flags: readonly (readonly [string, string])[];
}

/** `--name value`, `--name=value`, and the few switches; throws CAUSEWAY_CONFIG_INVALID for what is none of these. */
export function readArguments(args: readonly string[]): Arguments {
  const flags: (readonly [string, string])[] = [];
  let file: string | undefined;
  let print = false;
  let help = false;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('--')) {
      throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `${argument}: options begin with --; see --help`);
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    if (name === 'help') help = true;
    else if (name === 'print-config') print = true;
    else if (name === 'insecure' && equals < 0) flags.push(['insecure', 'true']);
    else {
      const value = equals < 0 ? args[(index += 1)] : argument.slice(equals + 1);
      // A value that begins with dashes is nearly always the next option; `--name=--value` says that it is not.
      if (value === undefined || (equals < 0 && value.startsWith('--')))
        throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `--${name} wants a value`);
      if (name === 'config') file = value;
      else flags.push([name, value]);
    }
  }
  return { file, printConfig: print, help, flags };
}

export function load({ file, flags }: Arguments, environment: NodeJS.ProcessEnv): LoadedConfig {
  const name = file ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  if (name !== undefined && !existsSync(name)) {
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `--config ${name}: there is no such file`);
  }
  const source = name === undefined ? undefined : { name, text: readFileSync(name, 'utf8') };
  return loadConfig({ file: source, environment, flags });
}
