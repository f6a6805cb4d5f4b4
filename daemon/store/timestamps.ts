/** The instant in the stored form; a busy daemon asks for the same one many times. */
export function createTimestamps(now: () => number): () => string {
  let ms = Number.NaN;
  let text = "";
  return () => {
    const current = now();
    if (current !== ms) {
      ms = current;
      text = new Date(ms).toISOString();
    }
    return text;
  };
}
