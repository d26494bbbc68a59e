/** A video track, and how to end it. */
export type Source = { track: MediaStreamTrack; stop(): void };

/** A camera that can be chosen. */
export type CameraChoice = { deviceId: string; label: string };

/**
 * Opens a camera at up to 1080p.
 * @param deviceId '' for the one that the browser prefers
 * @throws what getUserMedia() rejects with
 */
export async function openCamera(deviceId: string): Promise<Source> {
  if (!navigator.mediaDevices) throw new Error('Cameras are for pages from https or localhost only.');
  const stream = await navigator.mediaDevices.getUserMedia({
    video: {
      width: { ideal: 1920 },
      height: { ideal: 1080 },
      frameRate: { ideal: 30 },
      ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: 'environment' }),
    },
  });
  const track = stream.getVideoTracks()[0]!;
  return { track, stop: () => track.stop() };
}

/** The cameras that the page may know of: without permission, that there is one, but not which. */
export async function listCameras(): Promise<CameraChoice[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter((device) => device.kind === 'videoinput')
    .map(({ deviceId, label }, index) => ({ deviceId, label: label || `Camera ${index + 1}` }));
}

/** Whether the camera looks at its user, as a mirror does. */
export function facesUser(track: MediaStreamTrack): boolean {
  return track.getSettings().facingMode === 'user';
}
