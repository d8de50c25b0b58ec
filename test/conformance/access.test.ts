// TP-469 chapter 2.
import t from 'tap';
import { ACCESS } from './cases/access.ts';
import { runPart } from './run-part.ts';

await runPart(t, ACCESS);
