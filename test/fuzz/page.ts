/** The page of the fuzzer: makes a VideoFrame of what is stored and develops it. */
import { Darkroom, type DevelopOptions } from '../../src/index.ts';

/** A frame on its way to the page; its bytes in base64. */
export type PageQuestion = { data: string; init: VideoFrameBufferInit; options: DevelopOptions };

/** The file in base64 and what is told of the photo, or what was thrown. */
export type PageAnswer =
  | { file: string; width: number; height: number; redEyes: number; sharpness: number | undefined }
  | { error: string; message: string };

const darkroom = new Darkroom({ workers: 3 });

async function develop({ data, init, options }: PageQuestion): Promise<PageAnswer> {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  try {
    const photo = await darkroom.develop(new VideoFrame(bytes, init), options);
    const { blob, width, height, redEyes, sharpness } = photo;
    return { file: await base64(blob), width, height, redEyes: redEyes.length, sharpness };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  }
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let letters = '';
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(letters);
}

Object.assign(window, { develop });
