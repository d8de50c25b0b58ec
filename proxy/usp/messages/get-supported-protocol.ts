// GetSupportedProtocol: the versions of USP that each side speaks, as a comma-separated list.

export interface GetSupportedProtocolRequest {
  readonly kind: 'get_supported_protocol';
  readonly controller_supported_protocol_versions: string;
}
export interface GetSupportedProtocolResp {
  readonly kind: 'get_supported_protocol_resp';
  readonly agent_supported_protocol_versions: string;
}
