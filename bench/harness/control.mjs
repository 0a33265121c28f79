// Preloaded into every server that is measured (Node and Bun): answers the bench's questions about the process's own use of CPU and memory.
process.on("message", ({ question }) => {
  if (question !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
});
// The channel must not keep a server alive that wants to stop.
process.channel?.unref?.();
