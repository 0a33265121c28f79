// An app as containers: an image for each process, written without Docker on what this machine has, and run by podman.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveDeployment } from "@tenon/deploy";
import { builtOnce } from "./built-once.mjs";
import { openPodman } from "./podman.mjs";
import { runTenon } from "./tenon.mjs";
import { startUnits } from "./units-in-podman.mjs";

/** For apps without databases. Ask `podmanProblem` before. */
export async function startInImages(appDir) {
  const buildDir = await builtOnce(appDir);
  const dir = await mkdtemp(join(tmpdir(), "tenon-images-"));
  let podman;
  const stop = async () => {
    await podman?.remove();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const archive = join(dir, "units.tar");
    const options = ["--base", "offline", "--per-unit", "--placement", "per-service", "-o", archive];
    const { code, stdout, stderr } = await runTenon(["image", appDir, ...options]);
    if (code !== 0) throw new Error(`tenon image failed:\n${stdout}${stderr}`);
    podman = await openPodman();
    await podman.run("load", "--quiet", "--input", archive);
    const graph = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8"));
    const { gateway } = await startUnits(podman, deriveDeployment(graph, "per-service"), { dir });
    return { gateway, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
