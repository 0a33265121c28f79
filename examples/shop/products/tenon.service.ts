// What the shop sells, and how many of each are in stock.
import { Service } from "tenon/service";

export default new Service("products");
