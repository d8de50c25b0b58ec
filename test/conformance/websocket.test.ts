// TP-469 chapter 7.
import t from 'tap';
import { WEBSOCKET } from './cases/websocket.ts';
import { runPart } from './run-part.ts';

await runPart(t, WEBSOCKET);
