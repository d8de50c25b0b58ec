// What the CPE reports.
import t from 'tap';
import { CPE_EVENTS } from './cases/cpe-events.ts';
import { runPart } from './run-part.ts';

await runPart(t, CPE_EVENTS);
