/**
 * What sheet.mjs calls in the page: pictures that show what a resampling filter does, scaled by the browser and by
 * Motordrive.
 */
import type { PackedImage } from '../../worker/frame/image.ts';
import { UPRIGHT } from '../../worker/frame/orientation.ts';
import { compileKernels, instantiateKernels } from '../../worker/memory/kernels.ts';
import { scalePacked } from '../../worker/scale/scale.ts';
import type { Peers } from '../peers/peers.ts';
import { photoLike } from '../subjects/scene.ts';

/** A scaled picture, RGBA in base64, so that it survives the way to Node. */
type Tile = { name: string; rgba: string };

/** A scene before and after. */
type Scene = { name: string; from: number; to: number; source: string; tiles: Tile[] };

/** Side of a scaled picture. */
const SIDE = 240;

type Draw = (context: OffscreenCanvasRenderingContext2D, side: number) => Promise<void> | void;

/**
 * Draws every scene and scales it to {@link SIDE}, from a larger and from a smaller size.
 * @param photo address of a photograph
 * @param withPeers whether the peers were built, and have a column each
 */
async function sheet(photo?: string, withPeers = false): Promise<Scene[]> {
  const built = new URL('../peers/dist/peers.js', import.meta.url).href;
  const peers = withPeers ? ((await import(/* @vite-ignore */ built)) as Peers) : undefined;
  const instance = await instantiateKernels(await compileKernels(new URL('../../build/kernels.wasm', import.meta.url)));
  const { memory } = instance;
  const scenes: Scene[] = [];
  const drawings: [name: string, sides: number[], draw: Draw][] = [
    ['zone plate', [600, 100], zonePlate],
    ['slanted edge', [96], slantedEdge],
    ['text', [600, 120], text],
    ['photograph', [700, 110], (context, side) => photograph(context, side, photo)],
  ];
  for (const [name, sides, draw] of drawings) {
    for (const side of sides) {
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      await draw(context, side);
      const { data } = context.getImageData(0, 0, side, side);
      const scaled = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
      scaled.imageSmoothingQuality = 'high';
      scaled.drawImage(canvas, 0, 0, SIDE, SIDE);
      const drawn = scaled.getImageData(0, 0, SIDE, SIDE);
      const sized = { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: 'high' } as const;
      const bitmap = await createImageBitmap(canvas, sized);
      scaled.clearRect(0, 0, SIDE, SIDE);
      scaled.drawImage(bitmap, 0, 0);
      bitmap.close();
      const square = { width: SIDE, height: SIDE };
      const scalers = peers?.resizeContestants(new ImageData(data, side, side), square);
      const others = [];
      for (const { name, run, picture } of scalers ?? []) {
        await run(undefined);
        others.push({ name, rgba: base64(picture!().data) });
      }
      const motordrive = (linear: boolean): Uint8Array => {
        memory.reset();
        const source: PackedImage = {
          format: 'RGBA',
          width: side,
          height: side,
          address: memory.alloc(data.length),
          stride: side * 4,
        };
        const target = {
          ...source,
          width: SIDE,
          height: SIDE,
          stride: SIDE * 4,
          address: memory.alloc(SIDE * SIDE * 4),
        };
        memory.bytes(source.address, data.length).set(data);
        const whole = { x: 0, y: 0, width: side, height: side };
        scalePacked(instance, source, whole, target, 'lanczos3', UPRIGHT, linear);
        return memory.bytes(target.address, SIDE * SIDE * 4);
      };
      scenes.push({
        name,
        from: side,
        to: SIDE,
        source: base64(data),
        tiles: [
          { name: 'drawImage', rgba: base64(drawn.data) },
          { name: 'createImageBitmap', rgba: base64(scaled.getImageData(0, 0, SIDE, SIDE).data) },
          { name: 'Motordrive', rgba: base64(motordrive(false)) },
          { name: 'Motordrive linear', rgba: base64(motordrive(true)) },
          ...others,
        ],
      });
    }
  }
  return scenes;
}

/** Rings whose frequency reaches that of the pixels at the middle of the sides. */
function zonePlate(context: OffscreenCanvasRenderingContext2D, side: number): void {
  const image = context.createImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const x = (i % side) + 0.5 - side / 2;
    const y = Math.floor(i / side) + 0.5 - side / 2;
    const value = 127.5 + 127.5 * Math.cos((Math.PI * (x * x + y * y)) / side);
    image.data.set([value, value, value, 255], i * 4);
  }
  context.putImageData(image, 0, 0);
}

function slantedEdge(context: OffscreenCanvasRenderingContext2D, side: number): void {
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.fillStyle = '#000';
  context.setTransform(1, 0, -0.1, 1, side * 0.05, 0);
  context.fillRect(side * 0.25, 0, side * 0.5, side);
  context.resetTransform();
  context.fillStyle = '#c33';
  context.fillRect(side * 0.45, side * 0.4, side * 0.1, side * 0.2);
}

function text(context: OffscreenCanvasRenderingContext2D, side: number): void {
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.fillStyle = '#123';
  for (let size = side / 8, y = size; y < side; size *= 0.86, y += size * 1.15) {
    context.font = `${size}px serif`;
    context.fillText('Resampling: lanczos, mitchell & box 0123456789', side * 0.02, y);
    if (size < side / 60) break;
  }
}

async function photograph(context: OffscreenCanvasRenderingContext2D, side: number, url?: string): Promise<void> {
  if (url === undefined) {
    context.putImageData(new ImageData(photoLike(side, side), side, side), 0, 0);
    return;
  }
  const photo = await createImageBitmap(await (await fetch(url)).blob());
  // Its middle, a third of its height.
  const shown = photo.height / 3;
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, (photo.width - shown) / 2, shown, shown, shown, 0, 0, side, side);
  photo.close();
}

function base64(bytes: Uint8Array | Uint8ClampedArray): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

Object.assign(window, { bench: { sheet } });
