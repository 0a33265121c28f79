import { expect, test } from "vitest";
import { chat } from "~encore/clients";

test("a stream is opened in the test's own process", async () => {
  const stream = await chat.echo({ id: "123" });
  await stream.send({ msg: "hello" });
  expect(await stream.recv()).toEqual({ id: "123", msg: "hello" });
  await stream.close();
});
