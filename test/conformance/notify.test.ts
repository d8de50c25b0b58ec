// TP-469 chapter 1, Notify.
import t from 'tap';
import { NOTIFY } from './cases/notify.ts';
import { runPart } from './run-part.ts';

await runPart(t, NOTIFY);
