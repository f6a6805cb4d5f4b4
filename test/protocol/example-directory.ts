import * as example from "../../protocol/examples/directory.ts";
import type { ExampleCaller } from "../../protocol/examples/example.ts";
import type { RawClient } from "../daemon/raw-client.ts";
import { startTestDaemon } from "../daemon/start-daemon.ts";
import { Likeness } from "./likeness.ts";

/** The directory of the examples on a real daemon, and what stands there for the examples' ids and secrets. */
export interface ExampleDirectory {
  caller(name: ExampleCaller): Promise<RawClient>;
  likeness: Likeness;
}

/** Makes what `protocol/examples/directory.ts` describes; it ends with the test. */
export async function openExampleDirectory(): Promise<ExampleDirectory> {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const likeness = new Likeness();
  const user = async (
    username: string,
    exampleId: string,
    fields: { fullName: string; roles: string[]; password?: string; type?: "service" },
  ) => {
    const made = await operator.call("users.create", { username, ...fields, mustChangePassword: false });
    likeness.bind(exampleId, made.user.id);
  };
  await user("ada", example.adaId, {
    fullName: "Ada Lovelace",
    password: example.adaPassword,
    roles: ["admin"],
  });
  await user("bert", example.bertId, {
    fullName: "Bert Baker",
    password: example.bertPassword,
    roles: ["designer"],
  });
  await user("octoprint", example.octoprintId, {
    fullName: "Print farm",
    type: "service",
    roles: ["viewer"],
  });
  await user("carla", example.carlaId, { fullName: "Carla Costa", roles: ["viewer"] });
  await operator.call("users.delete", { user: "carla" });
  const made = await operator.call("keys.create", {
    user: "octoprint",
    name: "print farm",
    permissions: ["users.read"],
  });
  likeness.bind(example.keyId, made.key.id);
  likeness.bind(example.keySecret, made.secret);

  const ada = await daemon.stranger();
  const login = await ada.call("auth.login", { username: "ada", password: example.adaPassword });
  likeness.bind(example.adaToken, login.token);
  const { items } = await operator.call("sessions.list", { user: "ada" });
  likeness.bind(example.adaSessionId, items[0]?.id ?? "");
  const { epoch } = await ada.call("events.subscribe", {});
  likeness.bind(example.epoch, epoch);

  return {
    likeness,
    async caller(name) {
      if (name === "ada") return ada;
      const client = await daemon.stranger();
      if (name === "bert") {
        await client.call("auth.login", { username: "bert", password: example.bertPassword });
      }
      if (name === "octoprint's key") await client.call("auth.loginWithKey", { key: made.secret });
      return client;
    },
  };
}
