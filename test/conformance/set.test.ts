// TP-469 chapter 1, Set.
import t from 'tap';
import { SET } from './cases/set.ts';
import { runPart } from './run-part.ts';

await runPart(t, SET);
