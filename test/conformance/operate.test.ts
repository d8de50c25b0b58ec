// TP-469 chapter 1, Operate.
import t from 'tap';
import { OPERATE } from './cases/operate.ts';
import { runPart } from './run-part.ts';

await runPart(t, OPERATE);
