import type { Photo, RedEye } from '../src/index.ts';
import { byId, make } from './element.ts';
import { percent } from './words.ts';

/** The part of a photo that is seen: its corner and its side, in parts of the photo's sides. */
type View = { x: number; y: number; side: number };

const WHOLE: View = { x: 0, y: 0, side: 1 };
/** Radii round an eye that are seen when zoomed in. */
const SURROUNDINGS = 9;

/** What red-eye reduction did to the photo on show: circles, a closer look, and a slider between before and after. */
export class RedEyeView {
  readonly #figure = byId('photo-figure', HTMLElement);
  readonly #controls = byId('eye-controls', HTMLElement);
  readonly #circles = byId('eye-circles', HTMLInputElement);
  readonly #zoom = byId('eye-zoom', HTMLInputElement);
  readonly #rings = byId('photo-eyes', HTMLOListElement);
  readonly #before = byId('photo-before', HTMLImageElement);
  readonly #slider = byId('photo-split', HTMLInputElement);
  #photo: Photo | undefined;

  constructor() {
    this.#circles.addEventListener('change', () => this.#draw());
    this.#zoom.addEventListener('change', () => {
      this.#draw();
      this.#splitAtEyes();
    });
    this.#slider.addEventListener('input', () => this.#split());
    // The slider itself is for keys and assistive technology; pointers drag anywhere on the picture.
    const surface = byId('photo-comparison', HTMLElement);
    surface.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      surface.setPointerCapture(event.pointerId);
      this.#slider.focus({ focusVisible: false } as FocusOptions);
      this.#splitAt(event);
    });
    surface.addEventListener('pointermove', (event) => {
      if (surface.hasPointerCapture(event.pointerId)) this.#splitAt(event);
    });
  }

  /** Shows the red eyes of a photo, and the photo before they were corrected where there is one. */
  show(photo: Photo, before: string | undefined): void {
    this.#photo = photo;
    this.#controls.hidden = photo.redEyes.length === 0;
    this.#figure.classList.toggle('compared', before !== undefined);
    if (before) this.#before.src = before;
    else this.#before.removeAttribute('src');
    this.#draw();
    this.#splitAtEyes();
  }

  #draw(): void {
    const { width, height, redEyes } = this.#photo!;
    const { x, y, side } = this.#view();
    this.#figure.style.setProperty('--zoom', `scale(${1 / side}) translate(${-100 * x}%, ${-100 * y}%)`);
    this.#rings.hidden = !this.#circles.checked;
    this.#rings.replaceChildren(
      ...redEyes.map((eye, index) => {
        const sure = make('span', { className: 'sure' }, percent(eye.confidence));
        const words = make('span', { className: 'hidden' }, `Red eye ${index + 1}, certain to `);
        const item = make('li', {}, make('span', { className: 'ring' }), words, sure);
        item.style.left = percent(((eye.x + 0.5) / width - x) / side, 2);
        item.style.top = percent(((eye.y + 0.5) / height - y) / side, 2);
        item.style.setProperty('--width', percent((4 * eye.radius) / width / side, 2));
        return item;
      }),
    );
  }

  /** Puts the slider between the eyes: one is seen as it was, the other as it is. */
  #splitAtEyes(): void {
    const { width, redEyes } = this.#photo!;
    const { x, side } = this.#view();
    const box = boundingBox(redEyes, 0);
    this.#slider.valueAsNumber = redEyes.length > 0 ? (((box.left + box.right) / 2 / width - x) / side) * 100 : 50;
    this.#split();
  }

  #splitAt({ clientX }: PointerEvent): void {
    const { left, width } = this.#figure.getBoundingClientRect();
    this.#slider.valueAsNumber = ((clientX - left) / width) * 100;
    this.#split();
  }

  #split(): void {
    const share = this.#slider.valueAsNumber;
    this.#figure.style.setProperty('--split', `${share}%`);
    this.#slider.setAttribute('aria-valuetext', `${share}% before, ${100 - share}% after`);
  }

  #view(): View {
    const { width, height, redEyes } = this.#photo!;
    if (!this.#zoom.checked || redEyes.length === 0) return WHOLE;
    const { left, top, right, bottom } = boundingBox(redEyes, SURROUNDINGS);
    const side = Math.min(1, Math.max((right - left) / width, (bottom - top) / height));
    const corner = (from: number, to: number, size: number): number =>
      Math.max(0, Math.min(1 - side, (from + to) / 2 / size - side / 2));
    return { x: corner(left, right, width), y: corner(top, bottom, height), side };
  }
}

/** The box round all eyes with as many radii of each about it, in pixels of the photo. */
function boundingBox(eyes: readonly RedEye[], radii: number) {
  return {
    left: Math.min(...eyes.map(({ x, radius }) => x + 0.5 - radius * radii)),
    top: Math.min(...eyes.map(({ y, radius }) => y + 0.5 - radius * radii)),
    right: Math.max(...eyes.map(({ x, radius }) => x + 0.5 + radius * radii)),
    bottom: Math.max(...eyes.map(({ y, radius }) => y + 0.5 + radius * radii)),
  };
}
