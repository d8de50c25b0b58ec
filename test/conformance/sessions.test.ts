// TP-469 chapter 3, what is about Session Contexts.
import t from 'tap';
import { SESSIONS } from './cases/sessions.ts';
import { runPart } from './run-part.ts';

await runPart(t, SESSIONS);
