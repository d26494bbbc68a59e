import { byId } from './element.ts';
import type { Filmstrip, Take } from './filmstrip.ts';
import { RedEyeView } from './red-eye-view.ts';
import { stageBar } from './stage-bar.ts';
import { byteSize, counted, typeName } from './words.ts';

/** One photo large, with what is known of it; the arrow keys go along the strip. */
export class PhotoDialog {
  readonly #dialog = byId('photo-dialog', HTMLDialogElement);
  readonly #newer = byId('photo-newer', HTMLButtonElement);
  readonly #older = byId('photo-older', HTMLButtonElement);
  readonly #redEyes = new RedEyeView();
  readonly #strip: () => Filmstrip;
  #take: Take | undefined;

  constructor(strip: () => Filmstrip) {
    this.#strip = strip;
    this.#newer.addEventListener('click', () => this.#step(-1));
    this.#older.addEventListener('click', () => this.#step(1));
    byId('photo-close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    byId('photo-delete', HTMLButtonElement).addEventListener('click', () => this.#delete());
    this.#dialog.addEventListener('keydown', ({ key, target }) => {
      // The arrow keys of the slider are its own.
      if (target instanceof HTMLInputElement) return;
      if (key === 'ArrowLeft') this.#step(-1);
      if (key === 'ArrowRight') this.#step(1);
    });
  }

  /** Shows a photo; opens the dialog where it is closed. */
  show(take: Take): void {
    this.#take = take;
    const { photo, number, url, before } = take;
    const type = typeName(photo.blob.type);
    byId('photo-title', HTMLElement).textContent = `Photo ${number}`;
    const image = byId('photo-image', HTMLImageElement);
    Object.assign(image, { src: url, width: photo.width, height: photo.height, alt: `Photo ${number}` });
    this.#redEyes.show(photo, before);
    const facts = [`${photo.width} × ${photo.height}`, type, byteSize(photo.blob.size)];
    if (photo.redEyes.length > 0) facts.push(`${counted(photo.redEyes.length, 'red eye')} corrected`);
    byId('photo-facts', HTMLElement).textContent = facts.join(' · ');
    byId('photo-stages', HTMLElement).replaceChildren(...stageBar(photo.timings));
    const download = byId('photo-download', HTMLAnchorElement);
    download.href = url;
    download.download = `motordrive-${String(number).padStart(4, '0')}.${type === 'PNG' ? 'png' : 'jpg'}`;
    this.#newer.disabled = !this.#strip().beside(take, -1);
    this.#older.disabled = !this.#strip().beside(take, 1);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #step(places: number): void {
    const next = this.#take && this.#strip().beside(this.#take, places);
    if (next) this.show(next);
  }

  #delete(): void {
    if (!this.#take) return;
    const strip = this.#strip();
    const next = strip.beside(this.#take, 1) ?? strip.beside(this.#take, -1);
    strip.remove(this.#take);
    if (next) this.show(next);
    else this.#dialog.close();
  }
}
