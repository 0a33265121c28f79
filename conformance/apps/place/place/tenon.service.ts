import log from "tenon/log";
import { Service } from "tenon/service";

export default new Service("place", {
  /** Ends when it has to, and not before. */
  async shutdown({ signal }) {
    log.debug("shutdown begins");
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  },
});
