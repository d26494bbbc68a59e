/** The energy of the Laplacian by its definition. */

/** The sum of (4 c - n - s - w - e)² over the inner pixels of a plane. */
export function laplacianEnergy(plane: ArrayLike<number>, width: number, height: number, stride: number): number {
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * stride + x;
      const around = plane[at - stride]! + plane[at + stride]! + plane[at - 1]! + plane[at + 1]!;
      sum += (4 * plane[at]! - around) ** 2;
    }
  }
  return sum;
}
