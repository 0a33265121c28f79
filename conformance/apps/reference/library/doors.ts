// What is not a typed endpoint: raw ones, files, and streams.
import {
  api,
  type RawHandler,
  StaticAssets,
  type StaticOptions,
  type StreamIn,
  type StreamInHandlerFn,
  type StreamInOut,
  type StreamInOutHandlerFn,
  type StreamOptions,
  type StreamOut,
  type StreamOutHandlerFn,
} from "encore.dev/api";
import { streams } from "./seen";

const answer: RawHandler = (request, response) => {
  response.writeHead(202, { "Content-Type": "text/plain" });
  request.pipe(response);
};

export const raw = api.raw({ method: "POST", path: "/raw/*rest", expose: true }, answer);

const pages: StaticOptions = { path: "/site/*path", dir: "./public" };

export const site = api.static({
  expose: true,
  path: "/site/*path",
  dir: "./public",
  notFound: "./public/missing.html",
  notFoundStatus: 410,
  headers: { "X-Site": "yes" },
});

interface Hello {
  name: string;
}
interface Said {
  text: string;
}
interface Heard {
  from: string;
  text: string;
}

type Talk = StreamInOutHandlerFn<Hello, Said, Heard>;
type Collect = StreamInHandlerFn<void, Said, { texts: string[] }>;
type Count = StreamOutHandlerFn<{ to: number }, { n: number }>;

const talkHandler: Talk = async ({ name }: Hello, stream: StreamInOut<Said, Heard>) => {
  for await (const { text } of stream) await stream.send({ from: name, text });
};

const collectHandler: Collect = async (stream: StreamIn<Said>) => {
  const texts = [(await stream.recv()).text];
  for await (const { text } of stream) texts.push(text);
  return { texts };
};

const countHandler: Count = async ({ to }: { to: number }, stream: StreamOut<{ n: number }>) => {
  for (let n = 1; n <= to; n++) await stream.send({ n });
  await stream.close();
};

export const talk = api.streamInOut<Hello, Said, Heard>({ path: "/talk/:name", expose: true }, talkHandler);
export const collect = api.streamIn<Said, { texts: string[] }>({ path: "/collect", expose: true }, collectHandler);
export const count = api.streamOut<{ to: number }, { n: number }>({ path: "/count", expose: true }, countHandler);

const streamOptions: StreamOptions = { path: "/count", expose: true };

interface Doors {
  isAssets: boolean;
  dir: string;
  streamPath: string | undefined;
  streams: string[];
}

export const doors = api(
  { method: "GET", path: "/doors", expose: true },
  async (): Promise<Doors> => ({
    isAssets: site instanceof StaticAssets,
    dir: pages.dir,
    streamPath: streamOptions.path,
    streams,
  }),
);
