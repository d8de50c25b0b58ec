// TP-469 chapters 2 to 4, what is about Records.
import t from 'tap';
import { RECORDS } from './cases/records.ts';
import { runPart } from './run-part.ts';

await runPart(t, RECORDS);
