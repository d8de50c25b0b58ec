// A SOAP Fault, in whatever shape: the FaultCode of CWMP may lie in any depth, `detail` even inside `faultstring`, and
// the list of refused parameters is complete, partial or absent (quirk 20).
import { SetParameterValuesFaultStruct, type CwmpFault, type SetParameterValuesFault } from '../rpc/fault.ts';
import type { ElementCursor } from './cursor.ts';
import { readFields } from './read-fields.ts';
import { readInteger, trimWhite } from './scalars.ts';

/** The fault whose element is open; the element is closed thereby. */
export function readFault(cursor: ElementCursor): CwmpFault {
  let code: number | undefined;
  let text: string | undefined;
  let soapText = '';
  const parameters: SetParameterValuesFault[] = [];
  const visit = (): void => {
    if (cursor.isNamed('SetParameterValuesFault')) {
      parameters.push(readFields(cursor, SetParameterValuesFaultStruct.fields));
    } else if (code === undefined && cursor.isNamed('FaultCode')) {
      code = readInteger(cursor.text());
    } else if (text === undefined && cursor.isNamed('FaultString')) {
      text = cursor.text();
    } else if (cursor.isNamed('faultstring')) {
      soapText = trimWhite(cursor.text(visit));
    } else {
      while (cursor.child()) visit();
    }
  };
  while (cursor.child()) visit();
  return { FaultCode: code ?? 0, FaultString: text ?? soapText, SetParameterValuesFault: parameters };
}
