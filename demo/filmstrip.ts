import type { Photo } from '../src/index.ts';
import { make } from './element.ts';
import { typeName } from './words.ts';

/** A photo on the strip. */
export type Take = {
  photo: Photo;
  /** 1 for the first photo of this visit. */
  number: number;
  /** Object URL of the photo; valid until the take leaves the strip. */
  url: string;
  /** Object URL of the photo before its red eyes were corrected; valid as long. */
  before: string | undefined;
};

/** The photos taken, newest first; beyond the limit the oldest go. Owns their object URLs. */
export class Filmstrip {
  readonly #list: HTMLElement;
  readonly #limit: number;
  readonly #open: (take: Take) => void;
  readonly #takes: (Take & { item: HTMLLIElement })[] = [];
  #count = 0;

  constructor(list: HTMLElement, limit: number, open: (take: Take) => void) {
    this.#list = list;
    this.#limit = limit;
    this.#open = open;
  }

  /** Puts a photo in front; `before` is its file without red-eye reduction where that changed it. */
  add(photo: Photo, before?: Blob): void {
    const number = ++this.#count;
    const url = URL.createObjectURL(photo.blob);
    const size = `${photo.width} × ${photo.height}`;
    const image = make('img', { src: url, alt: '', decoding: 'async', draggable: false });
    const button = make('button', { type: 'button', title: `${size}, ${typeName(photo.blob.type)}` }, image);
    button.setAttribute('aria-label', `Photo ${number}, ${size}`);
    const take = {
      photo,
      number,
      url,
      before: before && URL.createObjectURL(before),
      item: make('li', {}, button),
    };
    button.addEventListener('click', () => this.#open(take));
    this.#takes.unshift(take);
    this.#list.prepend(take.item);
    while (this.#takes.length > this.#limit) this.remove(this.#takes.at(-1)!);
  }

  /** Takes a photo off the strip. */
  remove(take: Take): void {
    const place = this.#placeOf(take);
    if (place < 0) return;
    this.#takes.splice(place, 1)[0]!.item.remove();
    URL.revokeObjectURL(take.url);
    if (take.before) URL.revokeObjectURL(take.before);
  }

  /** The take this many places older; negative for newer. */
  beside(take: Take, places: number): Take | undefined {
    return this.#takes[this.#placeOf(take) + places];
  }

  #placeOf(take: Take): number {
    return this.#takes.findIndex(({ number }) => number === take.number);
  }
}
