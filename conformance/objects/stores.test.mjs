// One suite for every store: a folder, the endpoint of `tenon dev`, and servers that others have written, which speak S3, Azure Blob Storage and
// Google Cloud Storage.
import { noAzurite, openAzurite } from "./azurite.mjs";
import { noGcsPeer, openGcsPeer } from "./gcs-peer.mjs";
import { openDevEndpoint, openFiles, useS3 } from "./open-stores.mjs";
import { noPeer, openPeer } from "./peer.mjs";
import { describeStore } from "./store-suite.mjs";

const noLimit = { limitUploads: "a signed URL of S3 cannot limit the size" };

describeStore("files", openFiles);

describeStore("the S3 endpoint of tenon dev", openEndpoint(""), { cannot: noLimit });

describeStore("the S3 endpoint with a prefix before all names", openEndpoint("shared/of app/"), { cannot: noLimit });

describeStore("SeaweedFS", openPeer, {
  skip: noPeer,
  cannot: {
    ...noLimit,
    oddNames: "it keeps objects in folders by their names, and takes those that are no paths for others",
  },
});

describeStore("Azure Blob Storage, with Azurite", openAzurite, {
  skip: noAzurite,
  signedPut: { headers: { "x-ms-blob-type": "BlockBlob" }, status: 201 },
  cannot: {
    limitUploads: "a signed URL of Azure cannot limit the size",
    bindTypes: "a signed URL of Azure cannot ask for a content type",
    keepVersions: "Azurite keeps none",
    oddNames: "a backslash is a slash to Azure",
    controlCharacters: "Azurite fails at listings that have some",
  },
});

describeStore("Google Cloud Storage, with fake-gcs-server", openGcsPeer, {
  skip: noGcsPeer,
  cannot: {
    limitUploads: "a signed URL of Google cannot limit the size",
    checkSignatures: "fake-gcs-server takes any signature",
    removeVersions: "fake-gcs-server removes the current one instead",
    insistOnCopies: "fake-gcs-server copies whatever the condition is",
  },
});

function openEndpoint(keyPrefix) {
  return async () => {
    const endpoint = await openDevEndpoint();
    const release = useS3(endpoint.url, undefined, keyPrefix);
    return {
      async close() {
        release();
        await endpoint.close();
      },
    };
  };
}
