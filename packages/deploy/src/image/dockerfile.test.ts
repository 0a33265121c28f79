import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dockerfile } from "./dockerfile.ts";
import { DEFAULT_BASE } from "./image-settings.ts";

describe("the Dockerfile", () => {
  const [file, ignored] = dockerfile({ base: DEFAULT_BASE, title: "shop", build: ".tenon/build" });

  test("copies the build and runs it as nobody", () => {
    const instructions = file!.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(
      instructions.filter((line) => !line.startsWith("HEALTHCHECK")),
      [
        `FROM ${DEFAULT_BASE}`,
        "LABEL org.opencontainers.image.title=shop",
        "WORKDIR /app",
        "COPY .tenon/build/ ./",
        "ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin",
        "ENV NODE_ENV=production PORT=8080 TENON_INTERNAL_PORT=8081",
        "USER 65532:65532",
        "EXPOSE 8080 8081",
        'ENTRYPOINT ["node", "main.js"]',
        'CMD ["start"]',
      ],
    );
  });

  test("has a health check whose command is JSON", () => {
    const command = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(file!.text)![1]!;
    assert.deepEqual(JSON.parse(command).slice(0, 2), ["node", "-e"]);
  });

  test("leaves PATH as it is on other bases", () => {
    const [other] = dockerfile({ base: "node:24-slim", title: "shop", build: ".tenon/build" });
    assert.doesNotMatch(other!.text, /ENV PATH/);
  });

  test("gives Docker the build and nothing else", () => {
    assert.deepEqual(ignored!.path, ".dockerignore");
    assert.deepEqual(ignored!.text.split("\n").slice(1), ["*", "!.tenon/build", ""]);
  });
});
