// A door with the suite's world behind it, in the lane asked for.
import { listen } from "../../packages/runtime/dist/call/listen.js";
import { World } from "./world.mjs";

const HEADER_LIMIT_BYTES = 16 * 1024;

/** The kind one first: what is said of it holds for both but where differences.mjs says otherwise. */
export const lanes = ["compat", "fast"];

/** @param {"fast" | "compat"} lane @param {object} [options] more for `listen` */
export async function openDoor(lane, options = {}) {
  const world = new World();
  const listener = await listen({
    address: { host: "127.0.0.1", port: 0 },
    answer: world.answer,
    answerUpgrade: world.answerUpgrade,
    headerLimitBytes: HEADER_LIMIT_BYTES,
    laneOf: (request) => (request.path.startsWith("/raw") ? "compat" : "fast"),
    fastLane: () => lane === "fast",
    ...options,
  });
  return {
    world,
    port: Number(new URL(listener.address).port),
    drain: (timeoutMs) => listener.drain({ timeoutMs }),
    close: (timeoutMs = 0) => listener.close({ timeoutMs }),
  };
}
