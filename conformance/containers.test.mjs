// The topology of production: an image for each process, run by podman as nobody on a read-only root. The calls of topology.test.mjs give what
// they give in one process of the same build, to the letter.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startInImages } from "./harness/app-in-images.mjs";
import { builtOnce } from "./harness/built-once.mjs";
import { podmanProblem } from "./harness/podman.mjs";
import { startBuild } from "./harness/start.mjs";
import { assertComplete, describeTopology } from "./topology/describe-topology.mjs";

describe("containers", { skip: podmanProblem() ?? false }, () => {
  const copying = copyApp("conformance/apps/topology");
  after(async () => (await copying).remove());

  const inOneProcess = describeTopology("one process of the build", async () => {
    const { dir } = await copying;
    return startBuild(await builtOnce(dir), { cwd: dir });
  });
  const inContainers = describeTopology("a container for each process", async () => startInImages((await copying).dir));

  test("give the same outcomes", () => {
    assertComplete(inOneProcess);
    assert.deepEqual(inContainers, inOneProcess);
  });
});
