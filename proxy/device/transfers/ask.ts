// The RPC of a transfer: journalled with the mark that it is asked for, so that it leaves once at most.
import type { CpeRequest } from '../../rpc/methods.ts';
import type { TransferToAsk } from '../../store/transfer-steps.ts';
import type { Answer, CpeAccess } from '../access.ts';
import { type TRANSFER_METHODS, type TransferOrder, type TransferSecrets, type UnitOrder } from './order.ts';

export const formatOrder = (order: TransferOrder): string => JSON.stringify(order);
export const parseOrder = (stored: string): TransferOrder => JSON.parse(stored) as TransferOrder;
export const formatSecrets = (secrets: TransferSecrets): string => JSON.stringify(secrets);

type TransferMethod = (typeof TRANSFER_METHODS)[keyof typeof TRANSFER_METHODS];

/** Asks the CPE for it, or in a resumed request for what became of it. */
export function askFor(access: CpeAccess, transfer: TransferToAsk): Promise<Answer<TransferMethod>> {
  const order = parseOrder(transfer.order);
  const secrets = JSON.parse(transfer.secrets) as TransferSecrets;
  const ask = <N extends TransferMethod>(method: N, request: (key: string) => CpeRequest<N>): Promise<Answer<N>> =>
    access.change({ method, request, snapshot: { kind: 'none' }, transfer: transfer.CommandKey });
  switch (order.kind) {
    case 'download': {
      const { kind: _, ...fields } = order;
      return ask('Download', (CommandKey) => ({ ...fields, ...secrets, CommandKey }));
    }
    case 'upload': {
      const { kind: _, ...fields } = order;
      return ask('Upload', (CommandKey) => ({ ...fields, ...secrets, CommandKey }));
    }
    case 'schedule-download': {
      const { kind: _, ...fields } = order;
      return ask('ScheduleDownload', (CommandKey) => ({ ...fields, ...secrets, CommandKey }));
    }
    case 'change-du-state':
      return ask('ChangeDUState', (CommandKey) => ({ Operations: [operationOf(order, secrets)], CommandKey }));
  }
}

type Operation = CpeRequest<'ChangeDUState'>['Operations'][number];

/** What is not said is left out: an empty UUID is no UUID (9022). */
function operationOf(order: UnitOrder, secrets: TransferSecrets): Operation {
  const { URL, UUID, Version, ExecutionEnvRef } = order;
  const said = <K extends string>(fields: Readonly<Record<K, string>>): Partial<Record<K, string>> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<Record<K, string>>;
  switch (order.Operation) {
    case 'Install':
      return { Type: 'InstallOpStruct', URL, ...said({ UUID, ExecutionEnvRef, ...secrets }) };
    case 'Update':
      return { Type: 'UpdateOpStruct', ...said({ UUID, Version, URL, ...secrets }) };
    case 'Uninstall':
      return { Type: 'UninstallOpStruct', UUID, ...said({ Version, ExecutionEnvRef }) };
  }
}
