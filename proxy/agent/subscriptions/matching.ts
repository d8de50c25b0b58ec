// Which notifications a Subscription means: its NotifType and its references, evaluated when something happens, so that
// rows which came later are meant too (facts: usp-agent-requirements §7). Pure; references are parsed once.
import { Recent } from '../../operate/recent.ts';
import { testOf } from '../../path/compare.ts';
import { parentOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject, type Comparison, type Path, type Segment } from '../../path/path.ts';
import type { ValueType } from '../../path/value-type.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { NotifType, Subscription } from '../local-agent/subscription.ts';

/** Values at one moment, by full path, for the expressions of search paths; undefined for what is not known. */
export interface Moment {
  read(path: string): string | undefined;
  typeOf(path: string): ValueType | undefined;
}

const NOTIF_TYPE: Readonly<Record<Exclude<Notification['kind'], 'on_board_req'>, NotifType>> = {
  value_change: 'ValueChange',
  obj_creation: 'ObjectCreation',
  obj_deletion: 'ObjectDeletion',
  oper_complete: 'OperationComplete',
  event: 'Event',
};

const REFERENCES_KEPT = 10_000;
const parsed = new Recent<Path | 'no path'>(REFERENCES_KEPT);

/** A reference as a path; undefined for what is none. */
export function referenceOf(reference: string): Path | undefined {
  const known = parsed.get(reference);
  if (known !== undefined) return known === 'no path' ? undefined : known;
  const outcome = parsePath(reference);
  parsed.set(reference, outcome.ok ? outcome.path : 'no path');
  return outcome.ok ? outcome.path : undefined;
}

/** Whether one of the references means it, at one of the moments. */
export function concerns(
  { notifType, references }: Pick<Subscription, 'notifType' | 'references'>,
  notification: Notification,
  moments: readonly Moment[],
): boolean {
  if (notification.kind === 'on_board_req' || NOTIF_TYPE[notification.kind] !== notifType) return false;
  return references.some((reference) => {
    const path = referenceOf(reference);
    return path !== undefined && moments.some((moment) => means(path, notification, moment));
  });
}

/**
 * Whether a reference can mean a parameter of the CPE, whatever its values are: which rows a search finds, and where a
 * reference leads, was found out when the CPE was at hand (`watched.ts`).
 */
export function canMean(reference: string, parameter: string): boolean {
  const path = referenceOf(reference);
  return path !== undefined && meansParameter(path, parameter, undefined);
}

function means(path: Path, notification: Notification, moment: Moment): boolean {
  switch (notification.kind) {
    case 'value_change':
      return meansParameter(path, notification.param_path, moment);
    case 'obj_creation':
    case 'obj_deletion':
      return meansRow(path, notification.obj_path, moment);
    case 'event':
      return meansMember(path, notification.obj_path, notification.event_name, moment);
    case 'oper_complete':
      return meansMember(path, notification.obj_path, notification.command_name, moment);
    case 'on_board_req':
      return false;
  }
}

/** The parameter itself, or an object that it is below. */
function meansParameter(path: Path, parameter: string, moment: Moment | undefined): boolean {
  const object = parentOf(parameter);
  const { segments, leaf } = path;
  if (leaf.kind === 'object') return covers(segments, object, moment) !== undefined;
  if (leaf.kind !== 'parameter-or-object') return false;
  return (
    (parameter === object + leaf.name && isWhole(segments, object, moment)) ||
    covers(asObject(path).segments, object, moment) !== undefined
  );
}

/** A row by itself, or by its table (TP-469 1.57, 1.58). */
function meansRow(path: Path, row: string, moment: Moment): boolean {
  const { segments, leaf } = asObject(path);
  return leaf.kind === 'object' && (isWhole(segments, parentOf(row), moment) || isWhole(segments, row, moment));
}

/** An event or a command by itself, or by an object that it is below. */
function meansMember(path: Path, object: string, name: string, moment: Moment): boolean {
  const { segments, leaf } = asObject(path);
  if (leaf.kind === 'object') return covers(segments, object, moment) !== undefined;
  const wanted = leaf.kind === 'event' ? `${leaf.name}!` : leaf.kind === 'command' ? `${leaf.name}()` : undefined;
  return wanted === name && isWhole(segments, object, moment);
}

const isWhole = (segments: readonly Segment[], object: string, moment: Moment | undefined): boolean =>
  covers(segments, object, moment) === object.length;

/** How much of an object's path the segments are; undefined when it is not below them. Without a moment: may be. */
function covers(segments: readonly Segment[], object: string, moment: Moment | undefined): number | undefined {
  let at = 0;
  for (const segment of segments) {
    if (moment === undefined && segment.kind === 'reference') return object.length;
    const end = object.indexOf('.', at);
    if (end < 0 || !isPart(segment, object.slice(at, end), object.slice(0, end + 1), moment)) return undefined;
    at = end + 1;
  }
  return at;
}

const NUMBER = /^\d+$/;

function isPart(segment: Segment, part: string, path: string, moment: Moment | undefined): boolean {
  switch (segment.kind) {
    case 'name':
      return segment.name === part;
    case 'instance':
      return String(segment.number) === part;
    case 'wildcard':
      return NUMBER.test(part);
    case 'search':
      if (!NUMBER.test(part) || moment === undefined) return NUMBER.test(part);
      return segment.comparisons.every((comparison) => holds(comparison, path, moment));
    case 'reference':
      // Where a reference leads is found when the device's values are at hand (`watched.ts`), not when something happens.
      return false;
  }
}

function holds({ parameter, operator, constant }: Comparison, row: string, moment: Moment): boolean {
  const names = parameter.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  if (names.length < parameter.length) return false;
  const path = row + names.join('.');
  const [value, type] = [moment.read(path), moment.typeOf(path)];
  const test = type === undefined ? undefined : testOf(type, operator, constant);
  return value !== undefined && test?.ok === true && test.holds(value);
}
