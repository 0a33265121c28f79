// The types of the requests for the peers whose users validate with zod.
import { z } from "zod";

export const submissionBody = z.object({
  someKey: z.string().optional(),
  someOtherKey: z.number().optional(),
  requiredKey: z.array(z.int()).max(3),
  nullableKey: z.number().nullable().optional(),
  multipleTypesKey: z.union([z.boolean(), z.number()]).optional(),
  multipleRestrictedTypesKey: z.union([z.string().max(5), z.number().min(10)]).optional(),
  enumKey: z.enum(["John", "Foo"]).optional(),
});

export const submissionQuery = z.object({ name: z.string().optional(), excitement: z.coerce.number().optional() });

export const submissionHeaders = z.object({ "x-foo": z.string() });

export const orderParams = z.object({ userId: z.string(), orderId: z.coerce.number() });
