/** Held for longer than this, in milliseconds, the shutter begins a burst. */
const HOLD_MS = 400;

/** What the shutter release does. */
export type ShutterActions = {
  photo(): void;
  /** A burst that goes on until the signal aborts. */
  burst(signal: AbortSignal): void;
};

/**
 * The release: the button and the space bar take a photo as they go down, and a burst while they are held; the B key
 * takes a burst at once. Keys meant for another control are left to it.
 */
export class Shutter {
  readonly #button: HTMLButtonElement;
  readonly #actions: ShutterActions;
  #timer = 0;
  #burst: AbortController | undefined;

  constructor(button: HTMLButtonElement, actions: ShutterActions) {
    this.#button = button;
    this.#actions = actions;
    button.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      this.#press();
    });
    button.addEventListener('lostpointercapture', () => this.release());
    // Clicks that no pointer made: the Enter key and assistive technology.
    button.addEventListener('click', (event) => event.detail === 0 && actions.photo());
    button.addEventListener('contextmenu', (event) => event.preventDefault());
    document.addEventListener('keydown', (event) => this.#keyDown(event));
    document.addEventListener('keyup', (event) => this.#keyUp(event));
    window.addEventListener('blur', () => this.release());
  }

  /** Lets go, whatever holds it. */
  release(): void {
    clearTimeout(this.#timer);
    this.#burst?.abort();
    this.#burst = undefined;
    this.#button.classList.remove('pressed');
  }

  #press(): void {
    this.release();
    this.#button.classList.add('pressed');
    this.#actions.photo();
    this.#timer = window.setTimeout(() => this.#startBurst(), HOLD_MS);
  }

  #startBurst(): void {
    this.release();
    this.#button.classList.add('pressed');
    this.#burst = new AbortController();
    this.#actions.burst(this.#burst.signal);
  }

  #keyDown(event: KeyboardEvent): void {
    if (!this.#isMine(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    if (event.code === 'Space') this.#press();
    else this.#startBurst();
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.code !== 'Space' && event.code !== 'KeyB') return;
    if (event.target === this.#button) event.preventDefault();
    this.release();
  }

  #isMine(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.code !== 'Space' && event.code !== 'KeyB') return false;
    const target = event.target as Element;
    if (target === this.#button) return true;
    return !target.closest(
      event.code === 'Space' ? 'a, button, input, select, summary, dialog' : 'input, select, dialog',
    );
  }
}
