// What holds for the whole shop, whichever service answers.
import { App } from "tenon";
import { serverTiming } from "./shared/server-timing.ts";

export default new App({ middlewares: [serverTiming] });
