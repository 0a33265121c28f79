// Preloaded into every server that is measured (Node and Bun): answers the bench's questions about the process's own use of CPU and memory.
process.on("message", ({ question }) => {
  if (question !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
});
