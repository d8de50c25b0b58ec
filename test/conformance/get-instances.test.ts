// TP-469 chapter 1, GetInstances.
import t from 'tap';
import { GET_INSTANCES } from './cases/get-instances.ts';
import { runPart } from './run-part.ts';

await runPart(t, GET_INSTANCES);
