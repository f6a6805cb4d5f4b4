/** RFC 6455, section 7.4.1, and Roster's own 4401. */
export const closeCodes = {
  goingAway: 1001,
  unsupportedData: 1003,
  policyViolation: 1008,
  tooBig: 1009,
  tryAgainLater: 1013,
  principalLost: 4401,
} as const;
