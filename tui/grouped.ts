/** A count as people read it, such as `100,000`: as `toLocaleString("en")`, without loading the languages of the world. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
