// Which operation of S3 a request asks for.
import { deleteObject, deleteObjects, copyObject, putObject } from "./write-objects.ts";
import { listBuckets, listObjectsV1, listObjectsV2, listUploads } from "./list-objects.ts";
import { abortUpload, completeUpload, createUpload, listParts, uploadPart, uploadPartCopy } from "./multipart.ts";
import { getObject } from "./read-objects.ts";
import { emptyAnswer, type S3Answer, xmlAnswer } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import type { BucketPlace, S3Places } from "./s3-place.ts";
import { headerOf, queryOf, type S3Request } from "./s3-request.ts";
import type { Verified } from "./verify-signature.ts";

/** Parts of buckets and objects that S3 has and this endpoint has not: ignored, they would seem to work. */
const missing = new Set(
  (
    "accelerate acl analytics attributes cors encryption inventory legal-hold lifecycle logging metrics notification " +
    "object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention " +
    "select tagging torrent versions website"
  ).split(" "),
);

/** Throws S3Error and what the stores throw. */
export async function answerRequest(request: S3Request, places: S3Places, verified: Verified): Promise<S3Answer> {
  const unknown = request.query.find(([name]) => missing.has(name));
  if (unknown !== undefined) throw new S3Error("NotImplemented", `This endpoint has no "${unknown[0]}".`);
  if (request.bucket === "") {
    if (request.method === "GET") return listBuckets(places);
    throw notAllowed(request);
  }
  if (request.key === "") return await answerForBucket(request, places, verified);
  return await answerForObject(request, places, places.find(request.bucket), verified);
}

async function answerForBucket(request: S3Request, places: S3Places, verified: Verified): Promise<S3Answer> {
  const has = (name: string) => queryOf(request, name) !== undefined;
  const { method } = request;
  if (method === "PUT" && !places.buckets.some(({ name }) => name === request.bucket))
    throw new S3Error("AccessDenied", `Buckets are declared in the app: new Bucket("${request.bucket}").`);
  const place = places.find(request.bucket);
  if (method === "HEAD") return emptyAnswer(200);
  if (method === "POST" && has("delete")) return await deleteObjects(request, place, verified);
  if (method === "PUT") throw new S3Error("BucketAlreadyOwnedByYou", "The bucket is there already.");
  if (method !== "GET") throw notAllowed(request);
  if (has("location")) return xmlAnswer(["LocationConstraint", ""]);
  if (has("versioning"))
    return xmlAnswer(["VersioningConfiguration", [["Status", place.bucket.isVersioned ? "Enabled" : undefined]]]);
  if (has("uploads")) return await listUploads(request, place);
  return await (queryOf(request, "list-type") === "2" ? listObjectsV2 : listObjectsV1)(request, place);
}

async function answerForObject(
  request: S3Request,
  places: S3Places,
  place: BucketPlace,
  verified: Verified,
): Promise<S3Answer> {
  const has = (name: string) => queryOf(request, name) !== undefined;
  const isCopy = headerOf(request, "x-amz-copy-source") !== undefined;
  switch (request.method) {
    case "GET":
      return await (has("uploadId") ? listParts : getObject)(request, place);
    case "HEAD":
      return await getObject(request, place);
    case "PUT":
      if (has("uploadId"))
        return await (isCopy ? uploadPartCopy(request, place, places) : uploadPart(request, place, verified));
      return await (isCopy ? copyObject(request, place, places) : putObject(request, place, verified));
    case "POST":
      if (has("uploads")) return await createUpload(request, place);
      if (has("uploadId")) return await completeUpload(request, place, verified);
      throw notAllowed(request);
    case "DELETE":
      return await (has("uploadId") ? abortUpload : deleteObject)(request, place);
    default:
      throw notAllowed(request);
  }
}

function notAllowed({ method }: S3Request): S3Error {
  return new S3Error("MethodNotAllowed", `There is nothing here for ${method}.`);
}
