import { Service, type ServiceConfig } from "encore.dev/service";
import { layers } from "./layers";

const config: ServiceConfig = { middlewares: layers };

export default new Service("library", config);
