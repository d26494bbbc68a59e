/** A camera as a page has it: its track, and a video element that shows it. */
export type Viewfinder = {
  track: MediaStreamTrack;
  video: HTMLVideoElement;
  width: number;
  height: number;
  /** ms from frame to frame. */
  period: number;
  close: () => void;
};

/** ms in which the pace of a camera is found. */
const LOOK = 1500;

/** Opens a camera at about this size. */
export async function openViewfinder(size: { width: number; height: number }): Promise<Viewfinder> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: size });
  const track = stream.getVideoTracks()[0]!;
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true, playsInline: true });
  document.body.append(video);
  await video.play();
  const { videoWidth: width, videoHeight: height } = video;
  const period = await periodOf(video);
  const close = (): void => {
    track.stop();
    video.remove();
  };
  return { track, video, width, height, period, close };
}

/** The median distance of frames, in ms. */
async function periodOf(video: HTMLVideoElement): Promise<number> {
  const times: number[] = [];
  const started = performance.now();
  while (performance.now() - started < LOOK) {
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    times.push(performance.now());
  }
  const periods = times.slice(1).map((time, i) => time - times[i]!);
  return periods.sort((a, b) => a - b)[periods.length >> 1]!;
}
