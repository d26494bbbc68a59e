/**
 * What a canvas' track shows of its canvas now, of the size that the track's constraints give it; undefined for other
 * tracks, and for a canvas without pixels.
 */
export function canvasPicture(track: MediaStreamTrack): VideoFrame | undefined {
  const { canvas } = track as Partial<CanvasCaptureMediaStreamTrack>;
  if (!canvas?.width || !canvas.height) return undefined;
  const timestamp = Math.round(performance.now() * 1000);
  return new VideoFrame(canvas, { timestamp, ...scaling(canvas, track) });
}

/**
 * As Chromium brings a track to another size: its middle is cut out of the canvas, as large as its aspect ratio allows.
 */
function scaling(canvas: HTMLCanvasElement, track: MediaStreamTrack): VideoFrameInit {
  const constraints = track.getConstraints();
  const { width, height } = track.getSettings();
  const isScaled = ['width', 'height', 'aspectRatio'].some((name) => name in constraints);
  if (!isScaled || !width || !height) return {};
  const scale = Math.max(width / canvas.width, height / canvas.height);
  const [cutWidth, cutHeight] = [Math.round(width / scale), Math.round(height / scale)];
  const x = Math.floor((canvas.width - cutWidth) / 2);
  const y = Math.floor((canvas.height - cutHeight) / 2);
  return {
    visibleRect: { x, y, width: cutWidth, height: cutHeight },
    displayWidth: width,
    displayHeight: height,
  };
}
