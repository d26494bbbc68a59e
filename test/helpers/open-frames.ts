/** Counts frames that the page holds and has not closed, by what its own calls have handed it. */
type Closing = { close(): void };

const open = new Set<Closing>();
let watching = false;

/** Starts counting; frames from before are not counted. */
export function countOpenFrames(): void {
  open.clear();
  if (watching) return;
  watching = true;
  watchClose(VideoFrame.prototype);
  watchClose(ImageBitmap.prototype);
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader<unknown>) {
    const result = await read.call(this);
    if (result.value instanceof VideoFrame) open.add(result.value);
    return result;
  } as typeof read;
  const { clone } = VideoFrame.prototype;
  VideoFrame.prototype.clone = function () {
    const copy = clone.call(this);
    open.add(copy);
    return copy;
  };
  watchMessages();
  const { createImageBitmap } = globalThis;
  globalThis.createImageBitmap = (async (...args: Parameters<typeof createImageBitmap>) => {
    const bitmap = await createImageBitmap(...args);
    open.add(bitmap);
    return bitmap;
  }) as typeof createImageBitmap;
  globalThis.VideoFrame = new Proxy(VideoFrame, {
    construct(target, args: ConstructorParameters<typeof VideoFrame>) {
      const frame = new target(...args);
      open.add(frame);
      return frame;
    },
  });
}

/** Frames handed out since counting began that are neither closed nor transferred. */
export function openFrames(): number {
  return [...open].filter((frame) => !(frame instanceof ImageBitmap ? frame.width === 0 : isDetached(frame))).length;
}

/** Frames that workers send, as comlink wraps them. */
function watchMessages(): void {
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')!;
  Object.defineProperty(MessageEvent.prototype, 'data', {
    ...data,
    get(this: MessageEvent) {
      const message = data.get!.call(this) as { value?: { frame?: unknown } } | null;
      const frame = message?.value?.frame;
      if (frame instanceof VideoFrame && !isDetached(frame)) open.add(frame);
      return message;
    },
  });
}

function isDetached(frame: Closing): boolean {
  return (frame as VideoFrame).codedWidth === 0;
}

function watchClose(prototype: Closing): void {
  const { close } = prototype;
  prototype.close = function (this: Closing) {
    open.delete(this);
    close.call(this);
  };
}
