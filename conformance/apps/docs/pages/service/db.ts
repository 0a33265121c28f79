export { db } from "../../orders/db";
