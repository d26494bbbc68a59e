import { readFrame } from '../../worker/frame/read.ts';
import type { Contest, Contestant } from '../contests/contest.ts';
import type { Subject } from '../subjects/subject.ts';

/** Every way to get at a frame's pixels. Whoever gets zeros only, as some engines give without an error, fails. */
export function readout({ instance, bitmap, planarFrame, width, height }: Subject): Contest[] {
  const buffer = new Uint8Array(width * height * 4);
  const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  const byCanvas: Contestant<CanvasImageSource> = {
    name: 'drawImage + getImageData',
    run: (frame) => {
      canvas.drawImage(frame, 0, 0);
      assertContent(canvas.getImageData(0, 0, width, height).data);
    },
  };
  const byWebGl = webGlReader(width, height, buffer);
  const copyTo = (name: string, options: VideoFrameCopyToOptions): Contestant<VideoFrame> => ({
    name,
    run: async (frame) => {
      buffer.fill(0, 0, 64);
      await frame.copyTo(buffer, options);
      assertContent(buffer);
    },
  });
  const linear: Contestant<VideoFrame | ImageBitmap> = {
    name: 'motordrive, into linear memory',
    run: async (frame) => {
      const { memory } = instance;
      memory.reset();
      await readFrame(memory, frame);
    },
  };
  const viaFrame = (name: string, options: VideoFrameCopyToOptions): Contestant<ImageBitmap> => ({
    name,
    run: async (image) => {
      const frame = new VideoFrame(image, { timestamp: 0 });
      try {
        await copyTo(name, options).run(frame);
      } finally {
        frame.close();
      }
    },
  });
  return [
    {
      task: 'I420 VideoFrame → pixels',
      take: planarFrame,
      contestants: [byCanvas, byWebGl, copyTo('copyTo as RGBA', { format: 'RGBA' }), copyTo('copyTo', {}), linear],
    },
    {
      task: 'ImageBitmap → pixels',
      take: () => createImageBitmap(bitmap),
      contestants: [
        byCanvas,
        byWebGl,
        viaFrame('VideoFrame.copyTo as RGBA', { format: 'RGBA' }),
        viaFrame('VideoFrame.copyTo', {}),
        linear,
      ],
    },
  ];
}

function webGlReader(width: number, height: number, buffer: Uint8Array): Contestant<TexImageSource> {
  let gl: WebGLRenderingContext | null;
  return {
    name: 'WebGL readPixels',
    open: () => {
      gl = new OffscreenCanvas(1, 1).getContext('webgl');
      if (!gl) throw new Error('there is no WebGL');
      if (gl.getParameter(gl.MAX_TEXTURE_SIZE) < Math.max(width, height)) throw new Error('the frame is too large');
      gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
      gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    },
    run: (frame) => {
      gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA, gl!.RGBA, gl!.UNSIGNED_BYTE, frame);
      const texture = gl!.getParameter(gl!.TEXTURE_BINDING_2D) as WebGLTexture;
      gl!.framebufferTexture2D(gl!.FRAMEBUFFER, gl!.COLOR_ATTACHMENT0, gl!.TEXTURE_2D, texture, 0);
      gl!.readPixels(0, 0, width, height, gl!.RGBA, gl!.UNSIGNED_BYTE, buffer);
      assertContent(buffer);
    },
    close: () => gl?.getExtension('WEBGL_lose_context')?.loseContext(),
  };
}

/** Fails when the first pixels are all zero: the pictures of this bench have none that are. */
function assertContent(bytes: Uint8Array | Uint8ClampedArray): void {
  if (bytes.subarray(0, 48).every((byte) => byte === 0)) throw new Error('gave zeros');
}
