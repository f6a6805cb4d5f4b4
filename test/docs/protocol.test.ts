import { test } from "vitest";
import { openRpcDocument } from "../../protocol/index.ts";
import { expectFresh } from "./generated.ts";
import { protocolPage } from "./protocol-page.ts";

test("docs/protocol.md says what the contract's declarations say", () => {
  expectFresh("docs/protocol.md", protocolPage(openRpcDocument("")));
});
