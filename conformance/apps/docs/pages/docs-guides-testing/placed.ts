export { placed } from "../../orders/orders";
