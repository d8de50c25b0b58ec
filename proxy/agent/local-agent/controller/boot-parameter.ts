// Device.LocalAgent.Controller.{i}.BootParameter.{i}.: what the Controller wants to find in the ParameterMap of Boot!.
import { ALIAS, BOOLEAN, type LocalObject, parameter, text } from '../definition.ts';

export const BOOT_PARAMETER: LocalObject = {
  path: 'Device.LocalAgent.Controller.{i}.BootParameter.{i}.',
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['ParameterName'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('ParameterName', { access: 'readWrite', type: text(256) }),
  ],
  events: [],
  // A functional key that nobody gave is the Agent's to choose (R-ADD.5, TP-469 2.23); it names no parameter.
  complete: (row, { freeName }) =>
    row['ParameterName'] === '' ? { ...row, ParameterName: freeName('ParameterName') } : row,
  cap: () => 64,
};
