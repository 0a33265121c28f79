export { get } from "../../users/users";
