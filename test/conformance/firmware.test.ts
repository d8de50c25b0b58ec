// TP-469 chapter 9, firmware.
import t from 'tap';
import { FIRMWARE } from './cases/firmware.ts';
import { runPart } from './run-part.ts';

await runPart(t, FIRMWARE, {
  settings: { 'files.sources': '127.0.0.1' },
  cpe: { timings: { transferTime: 10, rebootTime: 50 } },
});
