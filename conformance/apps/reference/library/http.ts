// Where the fields of requests and responses travel, what is accepted, and how errors look.
import {
  APIError,
  api,
  type APIOptions,
  type Cookie,
  type CookieWithOptions,
  ErrCode,
  type ErrDetails,
  type Header,
  HttpStatus,
  type Method,
  type Query,
} from "encore.dev/api";
import { currentRequest } from "encore.dev";
import { Decimal, type DurationString, type ToDecimal } from "encore.dev/types";
import type {
  EndsWith,
  IsEmail,
  IsURL,
  MatchesRegexp,
  Max,
  MaxLen,
  Min,
  MinLen,
  StartsWith,
} from "encore.dev/validate";

interface Placed {
  id: string;
  flag: boolean;
  trace: Header<"X-Trace">;
  retries?: Header<number, "X-Retries">;
  tags?: Query<string[]>;
  since?: Query<Date, "from">;
  session?: Cookie<"session">;
  body: string;
}

interface PlacedAnswer {
  echo: {
    id: string;
    flag: boolean;
    trace: string;
    retries?: number;
    tags?: string[];
    since?: Date;
    session?: string;
    body: string;
  };
  location: Header<"Location">;
  visits: Cookie<number, "visits">;
  status: HttpStatus;
}

const visit: CookieWithOptions<number> = { value: 3, path: "/", maxAge: 60, httpOnly: true, sameSite: "Lax" };

export const place = api(
  { method: ["POST", "PUT"], path: "/place/:id/:flag", expose: true },
  async ({ session, ...rest }: Placed): Promise<PlacedAnswer> => ({
    echo: { ...rest, ...(session === undefined ? {} : { session: session.value }) },
    location: `/places/${rest.id}`,
    visits: visit,
    status: HttpStatus.Created,
  }),
);

interface Checked {
  name: string & (MinLen<3> & MaxLen<10>);
  age: number & (Min<0> & Max<150>);
  code: string & MatchesRegexp<"^[A-Z]{2}-\\d+$">;
  contact: string & (IsEmail | IsURL);
  handle: string & StartsWith<"@">;
  file: string & EndsWith<".ts">;
  price: Decimal;
  every: DurationString;
}

const doubled = (value: ToDecimal): Decimal => new Decimal(value).mul(2);

export const check = api(
  { path: "/check", expose: true },
  async ({
    price,
    name,
    every,
  }: Checked): Promise<{ name: string; price: Decimal; half: string; every: DurationString }> => ({
    name,
    price: doubled(price).add("0.1").sub(new Decimal("0.1")),
    half: price.div(2).value,
    every,
  }),
);

interface Plain {
  method: Method | undefined;
  endpoint: string | undefined;
  q?: string;
  n?: number;
}

/** Without a path of its own it is reached under "/library.plain"; any method will do. */
export const plain = api(
  { method: "*", expose: true },
  async ({ q, n }: { q?: string; n?: number }): Promise<Plain> => {
    const meta = currentRequest();
    const [method, endpoint] = meta?.type === "api-call" ? [meta.method, meta.api.endpoint] : [];
    return { method, endpoint, ...(q === undefined ? {} : { q }), ...(n === undefined ? {} : { n }) };
  },
);

export const hidden = api({}, async (): Promise<{ from: string }> => ({ from: "inside" }));

export const small = api(
  { path: "/small", expose: true, bodyLimit: 100, sensitive: true },
  async ({ text }: { text: string }): Promise<{ length: number }> => ({ length: text.length }),
);

export const layered = api(
  { method: "GET", path: "/layered", expose: true, tags: ["layered"] },
  async (): Promise<{ layers: string[] }> => {
    const meta = currentRequest();
    return { layers: meta?.type === "api-call" ? meta.middlewareData?.["layers"] : [] };
  },
);

export const closed = api(
  { method: "GET", path: "/closed", expose: true, tags: ["closed"] },
  async (): Promise<{ answeredBy: string }> => ({ answeredBy: "handler" }),
);

const details: ErrDetails = { hint: "try another" };

export const fail = api(
  { method: "GET", path: "/fail/:code", expose: true },
  async ({ code }: { code: string }): Promise<void> => {
    if (code === "thrown") throw new Error("nobody should read this");
    throw new APIError(code as ErrCode, `it is ${code}`, new Error("the cause"), details);
  },
);

export const codes = api(
  { method: "GET", path: "/codes", expose: true },
  async (): Promise<{ codes: string[] }> => ({
    codes: Object.values(ErrCode),
  }),
);

const options: APIOptions = { method: "GET", expose: true };

export const optionsOf = api(
  { method: "GET", path: "/options", expose: true },
  async (): Promise<{ exposed: boolean }> => ({
    exposed: options.expose === true,
  }),
);
