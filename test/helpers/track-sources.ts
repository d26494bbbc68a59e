/** One video track of each kind that a page can have. */
import { cameraTrack, canvasTrack, generatorTrack, twoColours } from './tracks.ts';

/** A track that shows moving pictures of this size, and what ends it and all that feeds it. */
export type SourcedTrack = { track: MediaStreamTrack; width: number; height: number; end(): void };

const simple = (track: MediaStreamTrack, width: number, height: number): SourcedTrack => ({
  track,
  width,
  height,
  end: () => track.stop(),
});

async function camera(): Promise<SourcedTrack> {
  return simple(await cameraTrack({ width: 640, height: 480 }), 640, 480);
}

async function canvas(): Promise<SourcedTrack> {
  return simple(canvasTrack({ moving: true }), 320, 240);
}

async function stillCanvas(): Promise<SourcedTrack> {
  return simple(canvasTrack(), 320, 240);
}

async function generator(): Promise<SourcedTrack> {
  const { track, send } = generatorTrack();
  const feeding = setInterval(() => void send(twoColours(64, 32)).catch(() => {}), 30);
  const end = (): void => {
    clearInterval(feeding);
    track.stop();
  };
  return { track, width: 64, height: 32, end };
}

/** A track as it comes over a peer connection, and may be put on hold, which mutes it. */
export async function loopback(
  sent: MediaStreamTrack,
): Promise<{ track: MediaStreamTrack; end(): void; hold(on: boolean): Promise<void> }> {
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined).catch(() => {});
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined).catch(() => {});
  const arrived = new Promise<MediaStreamTrack>((resolve) => (to.ontrack = ({ track }) => resolve(track)));
  const negotiate = async (): Promise<void> => {
    await from.setLocalDescription();
    await to.setRemoteDescription(from.localDescription!);
    await to.setLocalDescription();
    await from.setRemoteDescription(to.localDescription!);
  };
  from.addTrack(sent, new MediaStream([sent]));
  await negotiate();
  const track = await arrived;
  const hold = async (on: boolean): Promise<void> => {
    from.getTransceivers()[0]!.direction = on ? 'inactive' : 'sendonly';
    await negotiate();
  };
  const end = (): void => {
    track.stop();
    sent.stop();
    from.close();
    to.close();
  };
  return { track, end, hold };
}

/** A canvas that comes over a peer connection. */
export async function remote(): Promise<SourcedTrack & { hold(on: boolean): Promise<void> }> {
  return { width: 320, height: 240, ...(await loopback(canvasTrack({ moving: true }))) };
}

/** The canvas of another realm, whose track is no instance of this realm's MediaStreamTrack. */
async function iframe(): Promise<SourcedTrack> {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const element = frame.contentDocument!.createElement('canvas');
  Object.assign(element, { width: 100, height: 50 });
  const context = element.getContext('2d')!;
  context.fillRect(0, 0, 9, 9);
  const track = element.captureStream().getVideoTracks()[0]!;
  const drawing = setInterval(() => context.fillRect(0, 0, 9, 9), 30);
  const end = (): void => {
    clearInterval(drawing);
    track.stop();
    frame.remove();
  };
  return { track, width: 100, height: 50, end };
}

/** The screen; only Chromium gives one without a gesture. */
async function screen(): Promise<SourcedTrack> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  const track = stream.getVideoTracks()[0]!;
  const { width, height } = track.getSettings();
  return simple(track, width!, height!);
}

/** Every kind of track that this engine has in a test. */
export const trackSources: Record<string, () => Promise<SourcedTrack>> = {
  camera,
  canvas,
  'still canvas': stillCanvas,
  ...('MediaStreamTrackGenerator' in globalThis && { generator, screen }),
  ...('RTCPeerConnection' in globalThis && { remote }),
  iframe,
};
