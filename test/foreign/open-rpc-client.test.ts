import { Client, RequestManager, WebSocketTransport } from "@open-rpc/client-js";
import { expect, onTestFinished, test } from "vitest";
import { startForeignDirectory } from "./directory.ts";

const directory = startForeignDirectory();

test("with @open-rpc/client-js one logs in, lists, rotates a key and receives an event", async () => {
  const { url, secret, keyId, createUser } = directory();
  const client = new Client(new RequestManager([new WebSocketTransport(url)]));
  onTestFinished(() => void client.close());
  const notified = new Promise((resolve) => client.onNotification(resolve));

  expect(await client.request({ method: "auth.loginWithKey", params: { key: secret } })).toMatchObject({
    principal: { username: "octoprint" },
  });
  expect(await client.request({ method: "users.list", params: {} })).toMatchObject({ total: 1 });
  expect(await client.request({ method: "keys.rotate", params: { id: keyId } })).toMatchObject({
    secret: expect.stringMatching(/^rk_/),
    previous: { id: keyId, status: "retiring" },
  });
  await client.request({ method: "events.subscribe", params: { topics: ["users"] } });
  await createUser("heard");
  expect(await notified).toMatchObject({
    method: "event",
    params: { type: "user.created", subject: { name: "heard" } },
  });
});

test("with @open-rpc/client-js a refusal arrives with its code and reason", async () => {
  const client = new Client(new RequestManager([new WebSocketTransport(directory().url)]));
  onTestFinished(() => void client.close());
  const refused = client.request({ method: "users.list", params: {} });
  await expect(refused).rejects.toMatchObject({ code: 401, data: { reason: "unauthenticated" } });
});
