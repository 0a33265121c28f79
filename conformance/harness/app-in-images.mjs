// An app as containers: an image for each process, written without Docker on what this machine has, and run by podman.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveDeployment } from "@tenon/deploy";
import { builtOnce } from "./built-once.mjs";
import { openPodman } from "./podman.mjs";
import { runTenon } from "./tenon.mjs";
import { startUnits } from "./units-in-podman.mjs";

/** For apps without databases. Ask `podmanProblem` before. */
export async function startInImages(appDir) {
  const buildDir = await builtOnce(appDir);
  const podman = await openPodman();
  try {
    const archive = join(podman.dir, "units.tar");
    const options = ["--base", "offline", "--per-unit", "--placement", "per-service", "-o", archive];
    const { code, stdout, stderr } = await runTenon(["image", appDir, ...options]);
    if (code !== 0) throw new Error(`tenon image failed:\n${stdout}${stderr}`);
    await podman.run("load", "--quiet", "--input", archive);
    const graph = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8"));
    const { gateway } = await startUnits(podman, deriveDeployment(graph, "per-service"), { dir: podman.dir });
    return { gateway, stop: podman.remove };
  } catch (error) {
    await podman.remove();
    throw error;
  }
}
