// A chat for questions, over a WebSocket: whoever is logged in hears everyone else who is.
import { api, type StreamInOut } from "tenon/api";
import type { MaxLen, MinLen } from "tenon/validate";
import { getAuthData } from "~tenon/auth";

interface Question {
  text: string & MinLen<1> & MaxLen<500>;
}

interface Line {
  from: string;
  text: string;
  at: Date;
}

const room = new Set<StreamInOut<Question, Line>>();

export const support = api.streamInOut<Question, Line>(
  { path: "/support", expose: true, auth: true },
  async (stream) => {
    const { userID } = getAuthData()!;
    room.add(stream);
    try {
      await stream.send({ from: "shop", text: `Hello ${userID}, how can we help?`, at: new Date() });
      for await (const { text } of stream) await tellAll({ from: userID, text, at: new Date() });
    } finally {
      room.delete(stream);
    }
  },
);

/** Somebody who has just left does not keep the others from hearing it. */
async function tellAll(line: Line): Promise<void> {
  await Promise.allSettled([...room].map((member) => member.send(line)));
}
