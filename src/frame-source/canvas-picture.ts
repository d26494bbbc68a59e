/** What the canvas of a canvas' track shows now; undefined for other tracks, and for a canvas without pixels. */
export function canvasPicture(track: MediaStreamTrack): VideoFrame | undefined {
  const { canvas } = track as Partial<CanvasCaptureMediaStreamTrack>;
  if (!canvas?.width || !canvas.height) return undefined;
  return new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) });
}
