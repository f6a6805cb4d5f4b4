/** The end of a message and its kind, in one byte. */
const WHOLE_TEXT = 0x81;
const TWO_BYTE_LENGTH = 126;
const EIGHT_BYTE_LENGTH = 127;

/** One text message as a server's WebSocket frame (RFC 6455, section 5.2): neither masked nor compressed. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const short = length < TWO_BYTE_LENGTH;
  const long = length > 0xffff;
  const header = short ? 2 : long ? 10 : 4;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = WHOLE_TEXT;
  frame[1] = short ? length : long ? EIGHT_BYTE_LENGTH : TWO_BYTE_LENGTH;
  if (long) frame.writeBigUInt64BE(BigInt(length), 2);
  else if (!short) frame.writeUInt16BE(length, 2);
  frame.write(text, header);
  return frame;
}
