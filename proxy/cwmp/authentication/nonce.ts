// Digest nonces that need no memory: the time of issue and a MAC under a key that all nodes share, so that any node
// recognises a nonce any node gave. Bound to nothing else: a CPE may answer a challenge on a new socket (quirk 7).
import { createHmac } from 'node:crypto';
import { equalsInConstantTime } from './constant-time.ts';

const TIME_BYTES = 6;
/** 30 characters in all: CPEs with fixed buffers are used to 32. */
const MAC_BYTES = 16;

/** Letters, digits, `-` and `_`. `nowMs` is milliseconds since 1970. */
export function issueNonce(key: Uint8Array, nowMs: number): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(Math.max(0, Math.trunc(nowMs)), 0, TIME_BYTES);
  const mac = createHmac('sha256', key).update('cwmp digest nonce').update(time).digest();
  return Buffer.concat([time, mac.subarray(0, MAC_BYTES)]).toString('base64url');
}

/** Milliseconds since the nonce was given, below zero when another node's clock runs ahead; undefined: not ours. */
export function nonceAge(key: Uint8Array, nonce: string, nowMs: number): number | undefined {
  const bytes = Buffer.from(nonce, 'base64url');
  if (bytes.length !== TIME_BYTES + MAC_BYTES) return undefined;
  const issuedMs = bytes.readUIntBE(0, TIME_BYTES);
  return equalsInConstantTime(issueNonce(key, issuedMs), nonce) ? nowMs - issuedMs : undefined;
}
