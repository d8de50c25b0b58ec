// TP-469 chapter 1, GetSupportedDM.
import t from 'tap';
import { GET_SUPPORTED_DM } from './cases/get-supported-dm.ts';
import { runPart } from './run-part.ts';

await runPart(t, GET_SUPPORTED_DM);
