// How a certificate stands among the names of roles that a credential gives: by the SHA-256 of its own, and of each that has
// signed it. What role that is says each Agent itself (`ControllerTrust.Credential.{i}.`).

const PREFIX = 'sha256:';

/** `fingerprint`: as Node writes it, `AB:CD:…`. */
export const signerName = (fingerprint: string): string => PREFIX + fingerprint.replaceAll(':', '');

/** The fingerprint in upper-case hexadecimal without colons; undefined for the name of a role. */
export const signerIn = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
