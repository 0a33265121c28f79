// What a browser sees of the shop: a page, and a chat for questions.
import { Service } from "tenon/service";

export default new Service("storefront");
