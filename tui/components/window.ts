/** The rows `start` to before `end` to show so that row `at` of `total` is visible in `height` rows, near the middle. */
export function windowAround(at: number, total: number, height: number): { start: number; end: number } {
  const last = Math.max(0, total - height);
  const start = Math.min(last, Math.max(0, at - Math.floor(height / 2)));
  return { start, end: Math.min(total, start + height) };
}
