const { Segmenter } = Intl;

/** What the bundle has for `Intl.Segmenter`: the first real one loads tables of Unicode that few texts need. */
export class LateSegmenter {
  readonly #arguments: ConstructorParameters<typeof Segmenter>;
  #segmenter: Intl.Segmenter | undefined;

  constructor(...args: ConstructorParameters<typeof Segmenter>) {
    this.#arguments = args;
  }

  segment(text: string): Intl.Segments {
    this.#segmenter ??= new Segmenter(...this.#arguments);
    return this.#segmenter.segment(text);
  }
}
