import { Service } from "tenon/service";

export default new Service("ledger");
