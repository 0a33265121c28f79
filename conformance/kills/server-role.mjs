// A server of somebody else's that can be killed at any time: it comes back on the same data and port by itself.

export class ServerRole {
  #server;
  #isRunning = true;
  #isStopped = false;

  /** `role`: what it plays in the history. `server`: of harness/server-process.mjs, running. */
  constructor(role, server) {
    this.role = role;
    this.#server = server;
    this.#watch();
  }

  get url() {
    return this.#server.url;
  }

  /** Its process while it runs. */
  get pid() {
    return this.#isRunning ? this.#server.pid : undefined;
  }

  #watch() {
    void this.#server.exited.then(async () => {
      this.#isRunning = false;
      if (this.#isStopped) return;
      await this.#server.restart();
      this.#isRunning = true;
      this.#watch();
    });
  }

  async stop() {
    this.#isStopped = true;
    await this.#server.stop();
  }
}
