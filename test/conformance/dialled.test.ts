// TP-469 chapters 4 and 7, where the Agent connects.
import t from 'tap';
import { DIALLED, DIALS } from './cases/dialled.ts';
import { runPart } from './run-part.ts';

await runPart(t, DIALLED, { settings: DIALS });
