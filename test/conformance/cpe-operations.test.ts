// Commands that the CPE carries out.
import t from 'tap';
import { CPE_OPERATIONS } from './cases/cpe-operations.ts';
import { runPart } from './run-part.ts';

await runPart(t, CPE_OPERATIONS);
