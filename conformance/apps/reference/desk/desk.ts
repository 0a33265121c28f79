// Calls the other services: typed, as somebody else, through references, over streams, and with errors that come back.
import { APIError, api, type CallOpts, ErrCode, type StreamOutWithResponse } from "encore.dev/api";
import { gate, library } from "~encore/clients";

const books = library.ref();

interface Visit {
  hidden: string;
  title: string;
  asSelf: string | null;
  asBob: string | null;
  refused: { code: string; message: string; details: unknown; isAPIError: boolean; hasCode: boolean };
  talk: { from: string; text: string }[];
  collected: string[];
  counted: number[];
}

async function refusal(run: () => Promise<unknown>): Promise<Visit["refused"]> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const { code, message, details } = error;
    return { code, message, details: details ?? null, isAPIError: true, hasCode: code === ErrCode.NotFound };
  }
  throw new Error("it was not refused");
}

export const visit = api({ method: "GET", path: "/visit", expose: true }, async (): Promise<Visit> => {
  const { id } = await library.addBook({ title: "Emma" });
  const bob = { userID: "bob", via: "ticket" } as const;
  const options: CallOpts = {};
  const talk = await library.talk({ name: "desk" });
  await talk.send({ text: "hello" });
  const heard = [await talk.recv()];
  await talk.close();

  const upload: StreamOutWithResponse<{ text: string }, { texts: string[] }> = await library.collect();
  await upload.send({ text: "a" });
  await upload.send({ text: "b" });
  await upload.close();
  const { texts } = await upload.response();

  const counted: number[] = [];
  for await (const { n } of await library.count({ to: 3 })) counted.push(n);
  return {
    hidden: (await library.hidden(options)).from,
    title: (await books.getBook({ id })).title,
    asSelf: (await gate.anybody()).userID,
    asBob: (await gate.whoami({ authData: bob })).userID,
    refused: await refusal(() => library.getBook({ id: 1_000_000 })),
    talk: heard,
    collected: texts,
    counted,
  };
});
