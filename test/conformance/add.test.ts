// TP-469 chapter 1, Add.
import t from 'tap';
import { ADD } from './cases/add.ts';
import { runPart } from './run-part.ts';

await runPart(t, ADD);
