/** The `<video>` elements that play tracks, outside the document: one for a track, however many look at it. */

const players = new WeakMap<MediaStreamTrack, Player>();

/** A `<video>` that plays a track for as long as somebody holds it. */
export class Player {
  /** Shows the track; not to be changed. */
  readonly video: HTMLVideoElement;
  readonly #track: MediaStreamTrack;
  #holders = 0;

  private constructor(track: MediaStreamTrack) {
    this.#track = track;
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.srcObject = new MediaStream([track]);
    // Rejects when the element is let go of; on an ended track it stays pending (Firefox 153). Frames tell, not this.
    this.video.play().catch(() => {});
  }

  /** The player of a track; whoever asks releases it, once. */
  static of(track: MediaStreamTrack): Player {
    const player = players.get(track) ?? new Player(track);
    players.set(track, player);
    player.#holders++;
    return player;
  }

  /** Lets go; the last one to do so ends the playing. */
  release(): void {
    if (--this.#holders > 0) return;
    players.delete(this.#track);
    this.video.srcObject = null;
  }
}
