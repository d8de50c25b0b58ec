// TP-469 chapter 1, Delete.
import t from 'tap';
import { DELETE } from './cases/delete.ts';
import { runPart } from './run-part.ts';

await runPart(t, DELETE);
