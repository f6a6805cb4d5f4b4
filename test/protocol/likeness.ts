/** What another run makes anew: ids, secrets and their beginnings, generated passwords, hashes, versions, backups. */
const forms = [
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /^rk_\w{12}_\w{49}$/,
  /^rs_\w{12}_\w{49}$/,
  /^r[ks]_\w{4}$/,
  /^[a-z0-9]{4,}(-[a-z0-9]{4,}){3,}$/i,
  /^[0-9a-f]{64}$/,
  /^\d+\.\d+\.\d+(-test)?$/,
  /^\/.+\/backups\/roster-\w+-\d+\.tar$/,
];
const numbersMadeAnew = new Set(["seq", "bytes"]);

/** Sets an example beside what really came: the same example id always stands for the same real one. */
export class Likeness {
  readonly #real = new Map<string, string>();
  readonly #example = new Map<string, string>();

  bind(example: string, real: string): void {
    this.#real.set(example, real);
    this.#example.set(real, example);
  }

  /** The example's params with the real ids and secrets. */
  realise<T>(value: T): T {
    return mapStrings(value, (text) => this.#real.get(text) ?? text) as T;
  }

  /** What came, with the example's words where it differs only in what each run makes anew. */
  liken(real: unknown, example: unknown, key = ""): unknown {
    if (typeof real === "string" && typeof example === "string") return this.#likenText(real, example);
    if (typeof real === "number" && typeof example === "number" && numbersMadeAnew.has(key)) return example;
    if (Array.isArray(real) && Array.isArray(example)) {
      return real.map((item, index) => this.liken(item, example[index], key));
    }
    if (!isObject(real) || !isObject(example)) return real;
    return Object.fromEntries(
      Object.entries(real).map(([name, value]) => [name, this.liken(value, example[name], name)]),
    );
  }

  #likenText(real: string, example: string): string {
    const known = this.#example.get(real);
    if (known !== undefined) return known;
    if (this.#real.has(example) || !forms.some((form) => form.test(real) && form.test(example))) return real;
    this.bind(example, real);
    return example;
  }
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, map)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
