// What customers have bought. Knows users and products only through their endpoints.
import { Service } from "tenon/service";

export default new Service("orders");
