import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { UsageError } from "./config/usage-error.ts";

export interface TlsFiles {
  /** The certificate and its chain, PEM. */
  cert: string;
  /** Its private key, PEM. */
  key: string;
}

export interface ServedTls extends SecureContextOptions {
  cert: Buffer;
  key: Buffer;
}

/** When the certificate ends, in milliseconds since the epoch. */
export function certificateEnd({ cert }: ServedTls): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

/**
 * What the TCP listener needs for TLS 1.2 or later. Throws `UsageError` naming the file when one cannot be read, they
 * do not belong together, or the certificate is not valid at `now` (milliseconds since the epoch).
 */
export function readTls(files: TlsFiles, now: number): ServedTls {
  const cert = readPem("tls.cert", files.cert);
  const key = readPem("tls.key", files.key);
  const certificate = parsed(
    () => new X509Certificate(cert),
    `tls.cert: ${files.cert} is not a certificate in PEM`,
  );
  const privateKey = parsed(
    () => createPrivateKey(key),
    `tls.key: ${files.key} is not a private key in PEM without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new UsageError(`tls.key: ${files.key} is not the key of the certificate ${files.cert}`);
  }
  if (Date.parse(certificate.validTo) <= now) {
    throw new UsageError(`tls.cert: ${files.cert} expired on ${certificate.validTo}: renew it`);
  }
  if (Date.parse(certificate.validFrom) > now) {
    throw new UsageError(`tls.cert: ${files.cert} is not valid before ${certificate.validFrom}`);
  }
  const options: ServedTls = { cert, key, minVersion: "TLSv1.2" };
  parsed(() => createSecureContext(options), `tls.cert: ${files.cert} cannot be served`);
  return options;
}

function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${setting}: ${file} cannot be read (${code})`);
  }
}

/** OpenSSL's errors have codes, which say more than their messages. */
function parsed<T>(parse: () => T, message: string): T {
  try {
    return parse();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${message} (${code})`);
  }
}
