import { Service } from "tenon/service";

export default new Service("who", {
  init: () => console.log(JSON.stringify({ message: "init", pid: process.pid })),
});
