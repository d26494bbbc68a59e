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
    return {
      imageWidth: number('imageWidth'),
      imageHeight: number('imageHeight'),
      fit: choice('fit'),
      type: choice('type'),
      effort: choice('effort'),
      quality: number('quality'),
      chromaSubsampling: choice('chromaSubsampling'),
      redEyeReduction: data.has('redEyeReduction'),
    };
  }

  /** Limits the sizes to those that photos of this track can have. */
  async limitTo(track: MediaStreamTrack): Promise<void> {
    const { imageWidth, imageHeight } = await new ImageCapture(track).getPhotoCapabilities();
    for (const [name, range] of Object.entries({ imageWidth, imageHeight })) {
      if (range?.max) this.#field(name).max = String(range.max);
    }
  }

  /** Shows the quality as a number, and bars what PNG has no use for. */
  #reflect(): void {
    const png = this.#field('type').value === 'image/png';
    this.#field('quality').disabled = png;
    this.#field('chromaSubsampling').disabled = png;
    this.#field('qualityShown').value = png ? 'lossless' : Number(this.#field('quality').value).toFixed(2);
  }

  #field(name: string): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }
}
