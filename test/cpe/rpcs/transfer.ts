// What Download and Upload share: an order is refused at once, run at once, or queued until the session has ended.
import { fault } from '../faults.ts';
import { moment, text } from '../soap-content.ts';
import type { TransferOrder } from '../transfers.ts';
import { respond, type Answer, type Device } from './rpc.ts';

/** Orders that wait; more is fault 9004. */
const MOST_QUEUED = 16;

export async function acceptTransfer(order: TransferOrder, device: Device): Promise<Answer> {
  if (!URL.canParse(order.url)) return fault(9003, 'URL');
  const { protocol, username } = new URL(order.url);
  if (protocol !== 'http:' && protocol !== 'https:') return fault(9013);
  if (username !== '') return fault(9003, 'the URL carries credentials');
  if (device.transfers.queued().length >= MOST_QUEUED) return fault(9004);
  if (order.delaySeconds === 0 && device.transfersNow(order)) {
    const end = await device.transfers.runNow(order);
    if (end === undefined) return fault(9002);
    const { faultCode, startedAt, completedAt } = end.result;
    if (faultCode !== 0) return fault(faultCode);
    return respond(text('Status', 0), moment('StartTime', startedAt), moment('CompleteTime', completedAt));
  }
  device.transfers.add(order);
  return respond(text('Status', 1), moment('StartTime', undefined), moment('CompleteTime', undefined));
}
