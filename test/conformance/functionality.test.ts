// TP-469 chapter 9.
import t from 'tap';
import { DIALS } from './cases/dialled.ts';
import { FUNCTIONALITY } from './cases/functionality.ts';
import { runPart } from './run-part.ts';

await runPart(t, FUNCTIONALITY, { settings: DIALS });
