// What S3 answers in XML, as far as it is read here. Pure.
import { XMLParser } from 'fast-xml-parser';

export interface BucketObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}
export interface ListingPage {
  readonly objects: readonly BucketObject[];
  /** Continuation token of the next page; '' for the last. */
  readonly next: string;
}
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch. */
  readonly initiatedAt: number;
}

const REPEATED = new Set(['Contents', 'Upload']);
// Numbers stay text: a key of digits is no number.
const parser = new XMLParser({ parseTagValue: false, isArray: (name: string) => REPEATED.has(name) });

type Element = Readonly<Record<string, unknown>>;

/** The root element, if it has this name. */
function rootOf(xml: string, name: string): Element | undefined {
  try {
    const root = (parser.parse(xml) as Element)[name];
    // The parser makes text of an element with nothing in it.
    if (typeof root === 'string') return {};
    return isElement(root) ? root : undefined;
  } catch {
    return undefined;
  }
}
const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null;
const textOf = (element: Element, name: string): string => {
  const value = element[name];
  return typeof value === 'string' ? value : '';
};
const children = (element: Element, name: string): readonly Element[] => {
  const all = element[name];
  return Array.isArray(all) ? all.filter(isElement) : [];
};

/** A page of ListObjectsV2; undefined for anything else. */
export function readListing(xml: string): ListingPage | undefined {
  const root = rootOf(xml, 'ListBucketResult');
  if (root === undefined) return undefined;
  const objects = children(root, 'Contents').map((entry) => ({
    key: textOf(entry, 'Key'),
    size: Number(textOf(entry, 'Size')),
    modifiedAt: Date.parse(textOf(entry, 'LastModified')),
  }));
  return { objects, next: textOf(root, 'IsTruncated') === 'true' ? textOf(root, 'NextContinuationToken') : '' };
}

/** A page of ListMultipartUploads. */
export function readUploads(xml: string): readonly UnfinishedUpload[] {
  const root = rootOf(xml, 'ListMultipartUploadsResult');
  return children(root ?? {}, 'Upload').map((entry) => ({
    key: textOf(entry, 'Key'),
    uploadId: textOf(entry, 'UploadId'),
    initiatedAt: Date.parse(textOf(entry, 'Initiated')),
  }));
}

/** Of CreateMultipartUpload; '' where it is none. */
export const readUploadId = (xml: string): string =>
  textOf(rootOf(xml, 'InitiateMultipartUploadResult') ?? {}, 'UploadId');

/** CompleteMultipartUpload fails with status 200, too: then the body is an error. */
export const isCompleted = (xml: string): boolean => rootOf(xml, 'CompleteMultipartUploadResult') !== undefined;

/** The Code of an error, such as NoSuchBucket; '' where there is none. */
export const readErrorCode = (xml: string): string =>
  textOf(rootOf(xml, 'Error') ?? {}, 'Code').replace(/[^A-Za-z0-9]/g, '');

/** What CompleteMultipartUpload wants: the ETags of all parts, in order. */
export function writeParts(etags: readonly string[]): string {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escape(etag)}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
}
const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
