// One connection that sends the same request many times, as many at once as fit well into a buffer, and takes as many answers: little work
// beside what the server does. All answers must be as long as the first.
import { connect } from "node:net";
import { answerEnd } from "../load/answer-end.mjs";

const atOnce = 32;

/** @returns {Promise<(count: number) => Promise<void>>} sends `count` requests, rounded up to whole batches */
export async function connectPipelined({ hostname, port }, requestText) {
  const socket = connect(Number(port), hostname);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const answerBytes = await lengthOfAnswer(socket, requestText);
  const batch = Buffer.from(requestText.repeat(atOnce));
  let wanted = 0;
  let received = 0;
  let finish;
  socket.on("data", (chunk) => {
    received += chunk.length;
    if (received < atOnce * answerBytes) return;
    if (received > atOnce * answerBytes) throw new Error(`answers of different lengths: ${received} bytes`);
    received = 0;
    wanted -= atOnce;
    if (wanted > 0) socket.write(batch);
    else finish();
  });
  return (count) =>
    new Promise((resolve, reject) => {
      socket.once("close", () => reject(new Error("the server closed the connection")));
      finish = () => {
        socket.removeAllListeners("close");
        resolve();
      };
      wanted = count;
      socket.write(batch);
    });
}

function lengthOfAnswer(socket, requestText) {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = answerEnd(bytes);
      if (end === undefined) return;
      socket.off("data", onData);
      if (end.status === 200) resolve(bytes.length);
      else reject(new Error(bytes.toString()));
    };
    socket.on("data", onData);
    socket.write(requestText);
  });
}
