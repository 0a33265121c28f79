// What `getAuthData()` of the generated `~tenon/auth` calls.
import { currentCall } from "../call/context.ts";
import { ServedCall } from "../call/served-call.ts";

/** Of the caller for whom the running code works; null: nobody is known, or the code serves no request. */
export function getAuthData(): unknown {
  const call = currentCall();
  return (call instanceof ServedCall ? call.authData : call?.identity?.dataFor(call)) ?? null;
}
