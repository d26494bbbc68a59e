/** VideoFrames of planes, as cameras give them. */
import type { YuvColour } from '../../worker/frame/image.ts';
import type { Pixels } from '../helpers/scene.ts';
import { storedPlanes, yuvOf } from '../helpers/yuv.ts';

/** What such a frame says of its colours. */
export function planarColorSpace({ matrix, fullRange }: YuvColour): VideoColorSpaceInit {
  return { matrix: matrix === 'bt601' ? 'smpte170m' : 'bt709', fullRange, primaries: 'bt709', transfer: 'bt709' };
}

/** A frame of a picture's planes by the definition. */
export function planarFrame(picture: Pixels, format: 'I420' | 'NV12', colour: YuvColour): VideoFrame {
  const { width, height } = picture;
  const data = new Uint8Array(storedPlanes(yuvOf(picture, colour), format).flatMap((plane) => [...plane.data]));
  const init = { format, codedWidth: width, codedHeight: height, timestamp: 0, colorSpace: planarColorSpace(colour) };
  return new VideoFrame(data, init);
}
