// `@tenon/runtime/objects`: what the S3 endpoint of `tenon dev` is made of, so that it works on the same files as the buckets.
export { ObjectNotFound, ObjectsError, PreconditionFailed, RangeNotSatisfiable } from "./errors.ts";
export { FileStore, type FileStoreOptions } from "./files/file-store.ts";
export {
  type CompletedPart,
  type MultipartUpload,
  MultipartUploads,
  PartRefused,
  type UploadPart,
} from "./files/multipart-uploads.ts";
export type { StoredObject } from "./files/stored-object.ts";
export { foldNames } from "./object-order.ts";
export type { ObjectsConfig } from "./objects-config.ts";
export { configureObjects } from "./stores.ts";
export type { ObjectHeaders, ObjectRange, WriteCondition } from "./object-store.ts";
export { readRange } from "../static/byte-range.ts";
export { checkPreconditions, rangeStillHolds } from "../static/preconditions.ts";
export { decodeWords, encodeWord } from "./http/encoded-word.ts";
export { canonicalRequest, type RequestToSign, sha256Hex } from "../cloud/sigv4/canonical-request.ts";
export { ALGORITHM, hmac, type Scope, scopeText, signatureOf, signingKey } from "../cloud/sigv4/signing-key.ts";
export { checkName } from "./upload-rules.ts";
export { childOf, childrenOf, readXml, textOf, type XmlElement, XmlError } from "./xml/read-xml.ts";
export { writeXml, type XmlNode } from "./xml/write-xml.ts";
