// GetSupportedProtocol: versions of USP that this Agent speaks. What the Controller supports is for information only.
import type { GetSupportedProtocolResp } from '../../usp/messages/get-supported-protocol.ts';

export const SUPPORTED_VERSIONS = '1.0,1.1,1.2,1.3,1.4';

export const getSupportedProtocol = (): GetSupportedProtocolResp => ({
  kind: 'get_supported_protocol_resp',
  agent_supported_protocol_versions: SUPPORTED_VERSIONS,
});
