// Where Controllers stand.
export const CONTROLLER_TABLE = 'Device.LocalAgent.Controller.';
