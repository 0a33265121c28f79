import { APIError, Gateway, type GatewayRequest, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";

const staff = authHandler(async ({ pass }: { pass: Header<"X-Pass"> }) =>
  pass === "open" ? { userID: "staff" } : null,
);

function redirectOldPaths({ url, headers }: GatewayRequest): Response | undefined {
  if (url.pathname === "/old") return Response.redirect(new URL("/items", url), 308);
  if (url.pathname === "/cookies") {
    const answer = new Response(`${headers.get("x-ask")} ${url.searchParams.get("q")}`, { status: 203 });
    answer.headers.append("set-cookie", "a=1");
    answer.headers.append("set-cookie", "b=2");
    return answer;
  }
  return undefined;
}

async function refuseBots(request: GatewayRequest): Promise<void> {
  request.responseHeaders.set("x-front", request.method);
  if (request.headers.get("user-agent") === "bot") throw APIError.permissionDenied("no bots, please");
  if (request.path === "/crash") throw new Error("code 4711");
}

export const front = new Gateway({ onRequest: [refuseBots, redirectOldPaths] });

export const admin = new Gateway({
  name: "admin",
  hosts: ["admin.localhost", "*.admin.example.com"],
  tags: ["admin"],
  authHandler: staff,
});
