// Marks the service whose process is started.
import { Service } from "tenon/service";

export default new Service("hello");
