/** The size of an encoded picture, read from its header: JPEG (ITU-T T.81 B.2) and PNG (PNG 11.2.2). */

/** Enough for the header of a JPEG with all its metadata, in most cases: a segment has at most 64 KiB. */
const HEADER_BYTES = 512 * 1024;

/** Width and height in pixels as they are stored; undefined for what is neither JPEG nor PNG. Never rejects. */
export async function pictureSize(blob: Blob): Promise<{ width: number; height: number } | undefined> {
  try {
    const view = new DataView(await blob.slice(0, HEADER_BYTES).arrayBuffer());
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
    return view.getUint16(0) === 0xffd8 ? jpegSize(view) : undefined;
  } catch {
    return undefined;
  }
}

/** Goes from segment to segment up to the frame header. */
function jpegSize(view: DataView): { width: number; height: number } | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (isFrameHeader(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // 0xFF may be repeated before a marker.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, among which DHT, JPG and DAC have their numbers. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
