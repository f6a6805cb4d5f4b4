import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Whether a host name or literal address always means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** An IPv4 peer of a dual-stack listener appears as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/** The host of a `Host` header, without port and brackets. */
export function hostOf(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header) ?? [];
  return (bracketed ?? plain ?? "").toLowerCase();
}

/** The networks of these addresses, such as `192.0.2.7` and `10.0.0.0/8`. */
export function createNetworks(written: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const text of written) {
    const [host = "", prefix] = text.split("/");
    if (prefix === undefined) networks.addAddress(host, family(host));
    else networks.addSubnet(host, Number(prefix), family(host));
  }
  return networks;
}

/**
 * Where a request came from before it went through these proxies: each has appended to X-Forwarded-For whom it heard
 * it from. What stands further left than the first address that is no proxy's was written by the client.
 */
export function forwardedFor(
  peer: string,
  header: string | string[] | undefined,
  proxies: BlockList,
): string {
  const hops = [header ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((hop) => plainAddress(hop.trim()));
  let nearest = peer;
  while (isIP(nearest) && proxies.check(nearest, family(nearest))) {
    const hop = hops.pop();
    if (hop === undefined || !isIP(hop)) break;
    nearest = hop;
  }
  return nearest;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
