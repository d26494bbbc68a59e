import { listCameras, openCamera, type Source } from './camera.ts';
import { make } from './element.ts';
import { startTestScene } from './test-scene.ts';
import { cameraProblem } from './words.ts';

const TEST_SCENE = 'test-scene';

/** What the viewfinder tells the page. */
export type ViewfinderEvents = {
  /** Another track is shown. */
  changed(track: MediaStreamTrack): void;
  /** Something to tell the user. */
  report(words: string): void;
};

/** Shows the camera that is picked, and the test scene where there is none. Owns the track. */
export class Viewfinder {
  readonly #video: HTMLVideoElement;
  readonly #picker: HTMLSelectElement;
  readonly #events: ViewfinderEvents;
  #source: Source | undefined;
  #latest = 0;

  constructor(video: HTMLVideoElement, picker: HTMLSelectElement, events: ViewfinderEvents) {
    this.#video = video;
    this.#picker = picker;
    this.#events = events;
    picker.addEventListener('change', () => void this.show(picker.value));
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#fillPicker(picker.value));
  }

  /** Shows a camera by its device id, '' for any, or the test scene. The last call wins. */
  async show(choice: string): Promise<void> {
    const call = ++this.#latest;
    let words = 'Ready.';
    let source: Source;
    this.#source?.stop();
    try {
      source = choice === TEST_SCENE ? startTestScene() : await openCamera(choice);
    } catch (error) {
      words = `${cameraProblem(error)} This is the test scene.`;
      choice = TEST_SCENE;
      source = startTestScene();
    }
    if (call !== this.#latest) return source.stop();
    this.#source = source;
    source.track.addEventListener('ended', () => {
      void this.show(TEST_SCENE).then(() => this.#events.report('The camera has gone. This is the test scene.'));
    });
    this.#video.srcObject = new MediaStream([source.track]);
    this.#events.changed(source.track);
    this.#events.report(words);
    await this.#fillPicker(choice === TEST_SCENE ? choice : source.track.getSettings().deviceId);
  }

  async #fillPicker(chosen: string | undefined): Promise<void> {
    const options = (await listCameras()).map(({ deviceId, label }) => make('option', { value: deviceId }, label));
    this.#picker.replaceChildren(...options, make('option', { value: TEST_SCENE }, 'Test scene'));
    if (chosen !== undefined) this.#picker.value = chosen;
  }
}
