// A validated header, query and body: the type that the incumbent's public benchmark has, with the limits that its peers check there.
import { api, type Header, type Query } from "tenon/api";
import type { IsInteger, MaxLen, Min } from "tenon/validate";

interface Submission {
  foo: Header<"x-foo">;
  name?: Query<string>;
  excitement?: Query<number>;
  someKey?: string;
  someOtherKey?: number;
  requiredKey: (number & IsInteger)[] & MaxLen<3>;
  nullableKey?: number | null;
  multipleTypesKey?: boolean | number;
  multipleRestrictedTypesKey?: (string & MaxLen<5>) | (number & Min<10>);
  enumKey?: "John" | "Foo";
}

interface Accepted {
  message: string;
  excitement: number;
  total: number;
}

export const submit = api(
  { method: "POST", path: "/schema", expose: true },
  ({ foo, name = "World", excitement = 0, requiredKey }: Submission): Accepted => {
    let total = 0;
    for (const value of requiredKey) total += value;
    return { message: `Hello ${name} from ${foo}`, excitement, total };
  },
);
