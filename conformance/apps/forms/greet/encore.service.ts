import { Service } from "encore.dev/service";

const service = new Service("greet-people");

export default service;
