// Takes money for orders, and gives it back.
import { Service } from "tenon/service";

export default new Service("payments");
