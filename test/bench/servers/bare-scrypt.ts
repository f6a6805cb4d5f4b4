/** The limit for passwords: `ws` with bare JSON and Node's own scrypt at Roster's cost, however many come at once. */
import { randomBytes, scrypt } from "node:crypto";
import { defaultScryptCost } from "../../../daemon/directory/password-hashing.ts";
import { serve } from "./serve.ts";

const KEY_BYTES = 64;
const { logN, r, p } = defaultScryptCost;
const N = 2 ** logN;
/** The memory that scrypt takes is 128 N r (RFC 7914, section 2), and something for its blocks. */
const cost = { N, r, p, maxmem: 2 * 128 * N * r };
const salt = randomBytes(32);

serve((message, socket) => {
  const { id, params } = JSON.parse(message);
  scrypt(params.password, salt, KEY_BYTES, cost, (error) => {
    if (error) throw error;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: { valid: true } }));
  });
});
