// What the job `buckets` runs each time the app starts, by SeaweedFS' own shell: the buckets that code uses, as their declarations say.
import type { Deployment } from "../../deployment/deployment.ts";
import { usedBuckets } from "./engines.ts";

/** `WEED` is how the script reaches the store. */
export function bucketsScript(deployment: Deployment): string {
  const buckets = usedBuckets(deployment);
  const create = buckets.map(({ name }) => `s3.bucket.create -name ${name}`);
  const settle = buckets.flatMap(({ name, isPublic, isVersioned }) => [
    `s3.bucket.versioning -name ${name}${isVersioned ? " -enable" : ""}`,
    ...(isPublic ? [`s3.configure -user anonymous -buckets ${name} -actions Read -apply`] : []),
  ]);
  return `#!/bin/sh
# A bucket that is there already is an error here, and asked for again below.
$WEED <<END || true
${create.join("\n")}
END
set -e
$WEED <<END
${settle.join("\n")}
END
`;
}
