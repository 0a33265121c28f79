// The pages of topics and dead letters in a real browser.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { messagingGraph } from "../sample-app/messaging-graph.ts";
import { sampleLetters } from "../sample-app/sample-topics.ts";
import { shownText, skipReason, startVisits, type Visits } from "../sample-app/visits.ts";

const name = "order-placed/send-mail";
const address = `/topics/${name}`;

describe("topics in a browser", { skip: skipReason }, () => {
  let visits: Visits;
  const visit: Visits["visit"] = (...how) => visits.visit(...how);
  before(async () => {
    visits = await startVisits(messagingGraph);
  });
  after(() => visits?.close());
  beforeEach(() => {
    visits.dashboard.topics.letters.set(name, sampleLetters(120, Date.now() - 3_600_000));
    visits.dashboard.topics.requests.length = 0;
  });

  test("topics show who publishes, what waits, and what is dead", async () => {
    await visit("/topics", async (page) => {
      const topic = page.getByRole("region", { name: "order-placed" });
      const text = await shownText(topic);
      assert.match(text, /exactly once\s+in order by customer\s+Published by\s+orders\s+1,240 in the last minute/);
      assert.match(
        await shownText(topic.locator("tbody tr").nth(0)),
        /reserve-stock\s+products\s+0\s+–\s+1,239\s+0\s+0/,
      );
      assert.match(
        await shownText(topic.locator("tbody tr").nth(1)),
        /send-mail\s+users\s+1,312\s+1 h 10 min\s+1,239\s+7\s+120/,
      );
      const alone = page.getByRole("region", { name: "user-left" });
      assert.match(await shownText(alone), /Nobody publishes to it[\s\S]*Nobody subscribes to it/);
      await topic.getByRole("link", { name: "send-mail" }).click();
      await page.getByRole("heading", { name }).waitFor();
      assert.equal(new URL(page.url()).pathname, address);
    });
  });

  test("numbers change while one looks", async () => {
    await visit("/topics", async (page) => {
      await page.locator("td.bad", { hasText: "120" }).waitFor();
      visits.dashboard.topics.letters.set(name, sampleLetters(3, Date.now()));
      await page.locator("td.bad", { hasText: "3" }).waitFor();
    });
  });

  test("a letter says why it died, what it is, and where its trace is; more are shown on request", async () => {
    await visit(address, async (page) => {
      const rows = page.locator("tr.letter");
      await page.waitForFunction(() => document.querySelectorAll("tr.letter").length === 50);
      await page
        .getByRole("button", { name: /Cannot read properties/ })
        .first()
        .click();
      const content = page.locator("tr.letter-content");
      const text = await shownText(content);
      assert.match(text, /at sendMail \(mail\/mail\.ts:31:18\)/);
      assert.match(text, /"orderId": "o-1002"/);
      assert.match(text, /Ordering key\s+c-2\s+customer\s+c-2/);
      assert.match((await content.getByRole("link").getAttribute("href")) ?? "", /^\/traces\/0+4$/);
      await page.getByRole("button", { name: "Show more" }).click();
      await page.waitForFunction(() => document.querySelectorAll("tr.letter").length === 120);
      assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
      assert.equal(await rows.count(), 120);
    });
  });

  test("one, some and all are replayed, as fast as is said", async () => {
    await visit(address, async (page) => {
      const boxes = page.getByRole("checkbox");
      await boxes.nth(1).check();
      await boxes.nth(3).check();
      await page.getByRole("button", { name: "Replay 2 chosen" }).click();
      await page.getByText("2 messages on the way again").waitFor();
      const [one, two] = sampleLetters(120, 0);
      const third = sampleLetters(3, 0)[2];
      assert.deepEqual(visits.dashboard.topics.requests[0], {
        action: "replay",
        topic: "order-placed",
        subscription: "send-mail",
        body: { messageIds: [one!.messageId, third!.messageId] },
      });
      await page.locator("tr.letter", { hasText: one!.messageId }).waitFor({ state: "detached" });
      assert.equal(await page.locator("tr.letter", { hasText: two!.messageId }).count(), 1);
      await page.getByLabel("How fast").selectOption("100 a second");
      await page.getByRole("button", { name: "Replay all 118" }).click();
      await page.getByText("118 messages on the way again, 100 a second").waitFor();
      assert.deepEqual(visits.dashboard.topics.requests[1]?.body, { perSecond: 100 });
      await page.getByRole("heading", { name: "No dead letters" }).waitFor();
      assert.match(
        (await page.getByRole("link", { name: "Trace of the replay" }).getAttribute("href")) ?? "",
        /^\/traces\//,
      );
    });
  });

  test("what is thrown away is asked about first", async () => {
    await visit(address, async (page) => {
      await page.getByLabel("Choose all that are shown").check();
      await page.getByRole("button", { name: "Discard chosen" }).click();
      await page.getByText("Throw 50 messages away for good?").waitFor();
      await page.getByRole("button", { name: "Keep" }).click();
      assert.equal(visits.dashboard.topics.requests.length, 0);
      await page.getByRole("button", { name: "Discard chosen" }).click();
      await page.getByRole("button", { name: "Throw away" }).click();
      await page.getByText("50 messages thrown away").waitFor();
      assert.equal(visits.dashboard.topics.requests[0]?.action, "discard");
      await page.getByRole("button", { name: "Replay all 70" }).waitFor();
    });
  });

  test("nothing, no such thing, and a broker that is away are told apart", async () => {
    await visit("/topics/order-placed/reserve-stock", async (page) => {
      await page.getByRole("heading", { name: "No dead letters" }).waitFor();
      assert.equal(await page.getByRole("button", { name: /Replay/ }).count(), 0);
    });
    const page = await visits.browser.newPage();
    await page.goto(new URL("/topics/order-placed/nobody", visits.dashboard.url).href);
    await page.getByText("There is no such subscription").waitFor();
    visits.dashboard.topics.failure = "the broker of the app's messages does not answer";
    await page.goto(new URL("/topics", visits.dashboard.url).href);
    await page.getByText("The topics could not be fetched: the broker of the app's messages does not answer").waitFor();
    visits.dashboard.topics.failure = undefined;
    await page.getByRole("region", { name: "order-placed" }).waitFor();
    await page.close();
    const bare = await startVisits({ ...messagingGraph, topics: [] });
    await bare.visit("/topics", async (empty) => {
      await empty.getByRole("heading", { name: "No topics" }).waitFor();
    });
    await bare.close();
  });
});
