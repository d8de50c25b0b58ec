// The shapes of chapter 1 on rows and values of the CPE.
import t from 'tap';
import { CPE_ROWS } from './cases/cpe-rows.ts';
import { runPart } from './run-part.ts';

await runPart(t, CPE_ROWS);
