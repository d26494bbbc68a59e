import { ImageCapture, type DevelopOptions } from '../src/index.ts';

/** The form with which photos are set. */
export class Settings {
  readonly #form: HTMLFormElement;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', () => this.#reflect());
    this.#reflect();
  }

  /**
   * What is set now.
   * @throws RangeError naming the field that is wrong
   */
  read(): DevelopOptions {
    const wrong = this.#form.querySelector<HTMLInputElement>('input:invalid');
    if (wrong) throw new RangeError(`${wrong.labels?.[0]?.innerText.trim() ?? wrong.name}: ${wrong.validationMessage}`);
    const data = new FormData(this.#form);
    const number = (name: string): number | undefined => (data.get(name) ? Number(data.get(name)) : undefined);
    const choice = <K extends keyof DevelopOptions>(name: K): DevelopOptions[K] =>
      (data.get(name) ?? undefined) as DevelopOptions[K];
    const kilobytes = number('maxKilobytes');
    return {
      imageWidth: number('imageWidth'),
      imageHeight: number('imageHeight'),
      fit: choice('fit'),
      type: choice('type'),
      effort: choice('effort'),
      quality: number('quality'),
      maxBytes: kilobytes && kilobytes * 1000,
      chromaSubsampling: choice('chromaSubsampling'),
      redEyeReduction: data.has('redEyeReduction'),
      mirror: data.has('mirror'),
      workers: data.has('share') ? Infinity : 1,
      metadata: data.has('metadata') ? {} : false,
    };
  }

  /** Whether photos, and with them the viewfinder, are mirrored. */
  set mirror(on: boolean) {
    this.#field('mirror').checked = on;
  }

  /** Limits the sizes to those that photos of this track can have. */
  async limitTo(track: MediaStreamTrack): Promise<void> {
    const { imageWidth, imageHeight } = await new ImageCapture(track).getPhotoCapabilities();
    for (const [name, range] of Object.entries({ imageWidth, imageHeight })) {
      if (range?.max) this.#field(name).max = String(range.max);
    }
  }

  /** Shows the quality as a number, and bars what PNG or a limited file has no use for. */
  #reflect(): void {
    const png = this.#field('type').value === 'image/png';
    const limited = this.#field('maxKilobytes').value !== '' && !png;
    this.#field('maxKilobytes').disabled = png;
    this.#field('quality').disabled = png || limited;
    this.#field('chromaSubsampling').disabled = png;
    const quality = Number(this.#field('quality').value).toFixed(2);
    this.#field('qualityShown').value = png ? 'lossless' : limited ? 'the best that fits' : quality;
  }

  #field(name: string): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }
}
