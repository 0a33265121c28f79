// The same request three times, validated by three libraries: transforms, defaults, rules across fields, and one that has to wait.
import { type } from "arktype";
import { api } from "tenon/api";
import * as v from "valibot";
import { z } from "zod";

const day = (text: string) => new Date(`${text}T00:00:00Z`);

const zodBooking = z
  .object({
    id: z.string(),
    guests: z.coerce.number().int().positive().default(2),
    from: z.string().transform(day),
    until: z.string().transform(day),
    code: z.string().refine(async (code) => code !== "taken", "is taken"),
  })
  .refine(({ from, until }) => from < until, { message: "must be after from", path: ["until"] });

const valibotBooking = v.pipe(
  v.object({
    id: v.string(),
    guests: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 2),
    from: v.pipe(v.string(), v.transform(day)),
    until: v.pipe(v.string(), v.transform(day)),
    code: v.pipe(
      v.string(),
      v.check((code) => code !== "taken", "is taken"),
    ),
  }),
  v.forward(
    v.check(({ from, until }) => from < until, "must be after from"),
    ["until"],
  ),
);

const arktypeBooking = type({
  id: "string",
  guests: "number.integer > 0 = 2",
  from: type("string").pipe(day),
  until: type("string").pipe(day),
  code: type("string").narrow((code, ctx) => code !== "taken" || ctx.reject({ message: "is taken" })),
}).narrow(({ from, until }, ctx) => from < until || ctx.reject({ message: "must be after from", path: ["until"] }));

const zodBooked = z.object({ nights: z.number().max(7), label: z.string().transform((label) => label.toUpperCase()) });

interface Booking {
  id: string;
  guests: number;
  from: Date;
  until: Date;
  code: string;
}

const booked = ({ id, guests, from, until }: Booking) => ({
  nights: (until.getTime() - from.getTime()) / 86_400_000,
  label: `${id} for ${guests}`,
});

export const zod = api(
  { method: "GET", path: "/zod/:id", expose: true, request: zodBooking, response: zodBooked },
  async (booking) => booked(booking),
);

export const valibot = api(
  { method: "GET", path: "/valibot/:id", expose: true, request: valibotBooking },
  async (booking) => booked(booking),
);

export const arktype = api(
  { method: "GET", path: "/arktype/:id", expose: true, request: arktypeBooking },
  async (booking) => booked(booking),
);
