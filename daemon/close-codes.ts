/** RFC 6455, section 7.4.1, and Roster's own 4401. */
export const closeCodes = {
  goingAway: 1001,
  unsupportedData: 1003,
  policyViolation: 1008,
  tooBig: 1009,
  tryAgainLater: 1013,
  principalLost: 4401,
} as const;

/** 1000, no code at all, and a connection that broke off: what peers say that end well or badly by themselves. */
const labels = new Set<number>([...Object.values(closeCodes), 1000, 1005, 1006]);

/** For metrics: peers may say thousands of codes, and each would be kept. */
export function closeLabel(code: number): string {
  return labels.has(code) ? String(code) : "other";
}
