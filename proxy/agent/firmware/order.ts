// The Download RPC of an image (TR-069 A.3.2.8).
import type { TransferOrder } from '../../device/transfers/order.ts';

export const downloadOrder = (URL: string, FileSize: number): TransferOrder => ({
  kind: 'download',
  FileType: '1 Firmware Upgrade Image',
  URL,
  FileSize,
  TargetFileName: '',
  DelaySeconds: 0,
  SuccessURL: '',
  FailureURL: '',
});
