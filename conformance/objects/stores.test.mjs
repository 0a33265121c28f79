// One suite for every store: a folder, the endpoint of `tenon dev`, and an S3-compatible server that others have written.
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
