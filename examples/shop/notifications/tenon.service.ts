// What the shop has to say to its customers. Nobody calls it: it listens.
import { Service } from "tenon/service";

export default new Service("notifications");
