/** How a picture is stored, and how it becomes upright: sizes, rectangles and points from one to the other. */
import type { Rect } from './image.ts';

type Size = { width: number; height: number };
type Point = { x: number; y: number };

/**
 * How a stored picture becomes upright: its axes are exchanged if `transposed`, then left and right, top and bottom.
 */
export type Orientation = { readonly transposed: boolean; readonly mirroredX: boolean; readonly mirroredY: boolean };

/** The orientation of a picture that is stored as it should be seen. */
export const UPRIGHT: Orientation = { transposed: false, mirroredX: false, mirroredY: false };

/** The orientation of a picture that is to be turned clockwise by a multiple of 90 degrees, then mirrored. */
export function turned(degrees: number, mirror: boolean): Orientation {
  const quarters = Math.round(degrees / 90) & 3;
  const mirroredX = quarters === 1 || quarters === 2;
  return { transposed: quarters % 2 === 1, mirroredX: mirroredX !== mirror, mirroredY: quarters >= 2 };
}

/** The same orientation, mirrored once more, left to right. */
export function mirrored(orientation: Orientation): Orientation {
  return { ...orientation, mirroredX: !orientation.mirroredX };
}

/** Whether nothing has to be turned. */
export function isUpright({ transposed, mirroredX, mirroredY }: Orientation): boolean {
  return !transposed && !mirroredX && !mirroredY;
}

/** The size of a stored picture once it is upright; also the other way round. */
export function turnedSize({ width, height }: Size, { transposed }: Orientation): Size {
  return transposed ? { width: height, height: width } : { width, height };
}

/** Where a rectangle of the upright picture lies in the stored one, whose size is given. */
export function storedRect(rect: Rect, stored: Size, orientation: Orientation): Rect {
  const upright = turnedSize(stored, orientation);
  const x = orientation.mirroredX ? upright.width - rect.x - rect.width : rect.x;
  const y = orientation.mirroredY ? upright.height - rect.y - rect.height : rect.y;
  const { width, height } = turnedSize(rect, orientation);
  return orientation.transposed ? { x: y, y: x, width, height } : { x, y, width, height };
}

/** Where a point of the stored picture, whose size is given, lies in the upright one. */
export function uprightPoint(point: Point, stored: Size, orientation: Orientation): Point {
  const { width, height } = turnedSize(stored, orientation);
  const { x, y } = orientation.transposed ? { x: point.y, y: point.x } : point;
  return { x: orientation.mirroredX ? width - x : x, y: orientation.mirroredY ? height - y : y };
}
