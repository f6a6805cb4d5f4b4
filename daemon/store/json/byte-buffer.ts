/** More than a group of changes needs; what an import needed is given back. */
const KEPT_BYTES = 1024 * 1024;
/** The most that UTF-8 makes of a unit of UTF-16. */
const BYTES_A_UNIT = 3;

/** Bytes put together in memory that is used again for the next ones. */
export class ByteBuffer {
  #memory = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  /** All that was added since `clear`, until then. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#memory.length > KEPT_BYTES) this.#memory = Buffer.allocUnsafeSlow(KEPT_BYTES);
  }

  /** Answers the bytes of this text alone. */
  add(text: string): Buffer {
    const start = this.#length;
    this.#reserve(start + BYTES_A_UNIT * text.length);
    this.#length += this.#memory.write(text, start);
    return this.#memory.subarray(start, this.#length);
  }

  #reserve(size: number): void {
    if (size <= this.#memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * size);
    larger.set(this.bytes);
    this.#memory = larger;
  }
}
