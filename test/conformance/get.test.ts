// TP-469 chapter 1, Get.
import t from 'tap';
import { GET } from './cases/get.ts';
import { runPart } from './run-part.ts';

await runPart(t, GET);
