// The bucket of files, as the settings have it.
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import type { BucketAddress } from '../store/blobs/bucket-client.ts';
import { isLoopback } from './loopback.ts';

const invalid = (message: string): CausewayError => new CausewayError('CAUSEWAY_CONFIG_INVALID', message);
/** S3's names of buckets, and prefixes that need no encoding anywhere. */
const PATH = /^\/([A-Za-z0-9][A-Za-z0-9._-]{1,62})((?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)\/?$/;

/** Undefined where files.bucket is not set. Throws CAUSEWAY_CONFIG_INVALID, which never holds what was set. */
export function bucketOf(config: Config): BucketAddress | undefined {
  if (config['files.bucket'] === '') return undefined;
  const url = new URL(config['files.bucket']);
  const [, bucket, folders = ''] = PATH.exec(url.pathname) ?? [];
  if (!['http:', 'https:'].includes(url.protocol) || bucket === undefined || url.search !== '' || url.hash !== '') {
    throw invalid('files.bucket wants https://host/bucket, or https://host/bucket/prefix');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('files.bucket has credentials in it: set files.accessKey and files.secretKey');
  }
  const [accessKeyId, secretAccessKey] = [config['files.accessKey'], config['files.secretKey']];
  if (accessKeyId === '' || secretAccessKey === '') {
    throw invalid('files.bucket is set: set files.accessKey and files.secretKey, too');
  }
  const prefix = folders === '' ? '' : `${folders.slice(1)}/`;
  return { endpoint: url.origin, bucket, prefix, region: config['files.region'], accessKeyId, secretAccessKey };
}

/** What is wrong with it for want of TLS: files, though not the secret key, would pass in the clear. */
export function bucketExposure(config: Config): readonly string[] {
  const bucket = bucketOf(config);
  if (bucket === undefined) return [];
  const { protocol, hostname } = new URL(bucket.endpoint);
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
    ? []
    : ['files.bucket is beyond loopback without TLS: give it as https://…'];
}
