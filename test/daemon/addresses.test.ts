import { expect, test } from "vitest";
import { createNetworks, forwardedFor } from "../../daemon/addresses.ts";

const proxies = createNetworks(["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"]);

test.each([
  ["a peer that is no proxy is not believed", "198.51.100.7", "203.0.113.9", "198.51.100.7"],
  ["a proxy is", "192.0.2.1", "203.0.113.9", "203.0.113.9"],
  [
    "what the client itself claimed stands further left",
    "192.0.2.1",
    "127.0.0.1, 203.0.113.9",
    "203.0.113.9",
  ],
  ["one proxy behind the other", "192.0.2.1", "1.2.3.4, 203.0.113.9, 10.1.2.3", "203.0.113.9"],
  ["a proxy speaks for itself", "192.0.2.1", undefined, "192.0.2.1"],
  ["all that is told of is proxies", "192.0.2.1", "10.0.0.1", "10.0.0.1"],
  ["what is no address says nothing", "192.0.2.1", "203.0.113.9, unknown", "192.0.2.1"],
  ["an empty header says nothing", "192.0.2.1", "", "192.0.2.1"],
  ["IPv6", "2001:db8::7", "2001:db9::1", "2001:db9::1"],
  ["IPv4 written as IPv6", "192.0.2.1", "::ffff:203.0.113.9", "203.0.113.9"],
])("%s", (_name, peer, header, address) => {
  expect(forwardedFor(peer, header, proxies)).toBe(address);
});

test("a repeated header is one list", () => {
  expect(forwardedFor("192.0.2.1", ["1.2.3.4", "203.0.113.9"], proxies)).toBe("203.0.113.9");
});
