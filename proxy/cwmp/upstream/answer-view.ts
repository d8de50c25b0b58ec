// What the ACS sees of a CPE's answers: its own ParameterKey, its own transfers, notification attributes as if Causeway
// had not set any. An answer in which nothing is ours passes byte for byte. Pure.
import { isOurKey } from '../../device/journal/keys.ts';
import type { Ledger } from '../../device/ledger.ts';
import type { UpstreamRecord } from '../../store/upstream-steps.ts';
import { isWatchedByUsOnly, mayHoldOurKey } from './ownership.ts';
import { replaceParameterKey } from './parameter-key.ts';
import {
  applyEdits,
  childNamed,
  type Edit,
  messageIn,
  type Part,
  readParts,
  removeMembers,
  replaceContent,
  textOf,
} from './parts.ts';

export interface AnswerFacts {
  /** Of the response, without `Response`; '' for anything else. */
  readonly method: string;
  readonly upstream: UpstreamRecord;
  readonly ledger: Ledger;
}

/** `text`: the body as Latin-1. */
export function viewAnswer(text: string, facts: AnswerFacts): string {
  const editor = EDITORS.get(facts.method);
  if (editor === undefined || !editor.concerns(text, facts)) return text;
  const list = messageIn(readParts(text))?.parts[0];
  return list === undefined ? text : applyEdits(text, editor.edit(text, list, facts));
}

interface Editor {
  /** Cheap: most answers are looked at no further. */
  readonly concerns: (text: string, facts: AnswerFacts) => boolean;
  readonly edit: (text: string, list: Part, facts: AnswerFacts) => readonly Edit[];
}

const holdsOurKey = (text: string): boolean => mayHoldOurKey(text);
const withoutOurTransfers = (text: string, list: Part): readonly Edit[] =>
  removeMembers(
    text,
    list,
    list.parts.filter((struct) => isOurKey(textOf(text, struct, 'CommandKey'))),
  );

const EDITORS: ReadonlyMap<string, Editor> = new Map<string, Editor>([
  [
    'GetParameterValues',
    {
      concerns: holdsOurKey,
      edit: (text, list, { upstream }) => replaceParameterKey(text, list, upstream.ParameterKey),
    },
  ],
  ['GetQueuedTransfers', { concerns: holdsOurKey, edit: withoutOurTransfers }],
  ['GetAllQueuedTransfers', { concerns: holdsOurKey, edit: withoutOurTransfers }],
  [
    'GetParameterAttributes',
    {
      concerns: (_text, { ledger }) => ledger.size > 0,
      edit: (text, list, { ledger, upstream }) =>
        list.parts.flatMap((struct) => {
          const notification = childNamed(struct, 'Notification');
          const ours = isWatchedByUsOnly(textOf(text, struct, 'Name'), ledger, upstream);
          return ours && notification !== undefined ? [replaceContent(notification, '0')] : [];
        }),
    },
  ],
]);
