// TriggerConfigSettings of a Subscription: `<parameter>=<value>` by commas, texts in double quotes. Pure.
import { parentOf, lastNameOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import type { SetRequest } from '../../usp/messages/set.ts';

export interface TriggerSetting {
  readonly path: string;
  readonly value: string;
}

const MOST_SETTINGS = 16;
/** A path, whose searches may hold commas and quotes, then its value. */
const SETTING = /^\s*((?:\[[^\]]*\]|[^=[\],"])+?)\s*=\s*(?:"([^"]*)"|([^",]*?))\s*(?:,|$)/;
const escapes: Readonly<Record<string, string>> = { '%22': '"', '%25': '%' };

/** Undefined for what cannot be read. */
export function parseTriggerSettings(text: string): readonly TriggerSetting[] | undefined {
  const settings: TriggerSetting[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const match = SETTING.exec(rest);
    if (match === null || settings.length >= MOST_SETTINGS) return undefined;
    const [whole, path = '', quoted, bare = ''] = match;
    const parsed = parsePath(path);
    if (!parsed.ok || parsed.path.leaf.kind !== 'parameter-or-object') return undefined;
    settings.push({ path, value: quoted?.replace(/%22|%25/g, (escape) => escapes[escape] ?? escape) ?? bare });
    rest = rest.slice(whole.length);
  }
  return settings;
}

/** Each setting stands for itself: one that fails keeps no other from being made. */
export const configRequest = (settings: readonly TriggerSetting[]): SetRequest => ({
  kind: 'set',
  allow_partial: true,
  update_objs: settings.map(({ path, value }) => ({
    obj_path: parentOf(path),
    param_settings: [{ param: lastNameOf(path), value, required: true }],
  })),
});
