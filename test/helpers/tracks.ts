/** Video tracks for browser tests, each of another kind. */

/** The fake camera. */
export async function cameraTrack(constraints: MediaTrackConstraints = {}): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: constraints });
  return stream.getVideoTracks()[0]!;
}

/** The track of a canvas: drawn once, or over and over when `moving`; `still` with nothing on it when `fill` is ''. */
export function canvasTrack({
  width = 320,
  height = 240,
  fill = 'red',
  moving = false,
} = {}): CanvasCaptureMediaStreamTrack {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  const draw = (): void => {
    context.clearRect(0, 0, width, height);
    context.fillStyle = fill;
    context.fillRect(0, 0, width, height);
  };
  if (fill) draw();
  const track = canvas.captureStream().getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  if (moving) {
    const timer = setInterval(() => (track.readyState === 'live' ? draw() : clearInterval(timer)), 30);
  }
  return track;
}

/**
 * A track fed with frames by the test; it shows nothing until `send` is called. Where the engine has no
 * MediaStreamTrackGenerator a canvas is fed, which shows all frames upright.
 */
export function generatorTrack(): { track: MediaStreamTrack; send(frame: VideoFrame): Promise<void> } {
  type Generator = MediaStreamTrack & { writable: WritableStream<VideoFrame> };
  const { MediaStreamTrackGenerator } = globalThis as unknown as {
    MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => Generator;
  };
  if (MediaStreamTrackGenerator === undefined) return fedCanvasTrack();
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  return { track, send: (frame) => writer.write(frame) };
}

function fedCanvasTrack(): ReturnType<typeof generatorTrack> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const track = canvas.captureStream().getVideoTracks()[0]!;
  // As a generator's: nothing tells where its pictures come from.
  Object.defineProperty(track, 'canvas', { value: undefined });
  const send = async (frame: VideoFrame): Promise<void> => {
    const { displayWidth: width, displayHeight: height } = frame;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(frame, 0, 0);
    frame.close();
  };
  return { track, send };
}

/** A frame whose left half is red and whose right half is green. */
export function twoColours(width: number, height: number, init: object = {}): VideoFrame {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'red';
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = 'lime';
  context.fillRect(width / 2, 0, width / 2, height);
  return new VideoFrame(canvas, { timestamp: 0, ...init });
}

/** An audio track, silent. */
export function audioTrack(): MediaStreamTrack {
  return new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!;
}

/** RGBA of one pixel of a picture. */
export function pixel(picture: CanvasImageSource & { width: number; height: number }, x: number, y: number): number[] {
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0);
  return [...context.getImageData(x, y, 1, 1).data];
}
