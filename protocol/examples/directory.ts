/**
 * The directory in which the examples take place: Ada, an administrator; Bert, a designer; `octoprint`, a service
 * account with a key; and Carla, deleted. Everything has just been made, and each example finds it so.
 */
export const now = "2026-03-01T12:00:00.000Z";

export const adaId = "019ca945-0a00-7a4a-8b61-1f0c52d0a001";
export const bertId = "019ca945-0a00-7a4a-8b61-1f0c52d0a002";
export const octoprintId = "019ca945-0a00-7a4a-8b61-1f0c52d0a003";
export const carlaId = "019ca945-0a00-7a4a-8b61-1f0c52d0a004";
/** The user or key that an example makes. */
export const newId = "019ca945-0a01-7a4a-8b61-1f0c52d0a005";
/** The key of `octoprint`. */
export const keyId = "019ca945-0a00-7a4a-8b61-1f0c52d0b001";
/** The session that Ada asks with. */
export const adaSessionId = "019ca945-0a00-7a4a-8b61-1f0c52d0c001";
/** Ada's subscription to all topics. */
export const subscriptionId = "s1";
export const epoch = "019ca945-0a00-7a4a-8b61-1f0c52d0e001";

export const adaPassword = "correct horse battery staple";
export const bertPassword = "a quiet bicycle in the rain";
// Of the right form, but with a checksum that is wrong: nobody need look where these are valid.
export const keySecret = "rk_ExampleKey00_0000000000000000000000000000000000000000000000000";
export const newSecret = "rk_NewExample01_0000000000000000000000000000000000000000000000000";
export const adaToken = "rs_ExampleTok00_0000000000000000000000000000000000000000000000000";
export const newToken = "rs_NewExample01_0000000000000000000000000000000000000000000000000";
export const generatedPassword = "example-example-example-example";
