/** The loop that a user would write: a frame comes, is drawn and encoded by the browser. */
addEventListener('message', async ({ data: frame }: MessageEvent<VideoFrame>) => {
  const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
  canvas.getContext('2d')!.drawImage(frame, 0, 0);
  frame.close();
  postMessage(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
});
