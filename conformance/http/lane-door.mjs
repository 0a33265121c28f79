// A door with the suite's world behind it, in the lane asked for.
import { listen } from "../../packages/runtime/dist/call/listen.js";
import { World } from "./world.mjs";

const HEADER_LIMIT_BYTES = 16 * 1024;

/** @param {"fast" | "compat"} lane */
export async function openDoor(lane) {
  const world = new World();
  const listener = await listen({ host: "127.0.0.1", port: 0 }, world.answer, world.answerUpgrade, HEADER_LIMIT_BYTES);
  return {
    world,
    port: Number(new URL(listener.address).port),
    drain: (timeoutMs) => listener.drain({ timeoutMs }),
    close: (timeoutMs = 0) => listener.close({ timeoutMs }),
  };
}

export const lanes = ["compat"];
