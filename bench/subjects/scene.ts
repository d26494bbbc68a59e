/**
 * A generated, photo-like frame: slopes, soft blobs, edges, texture that differs from place to place, sensor noise.
 * Integers and a seeded generator only, so that it is the same everywhere. RGBA, opaque.
 */
export function photoLike(width: number, height: number, seed = 1): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 18; // the low bits repeat too soon
  };
  const blobs = Array.from({ length: 40 }, () => ({
    x: random() % width,
    y: random() % height,
    r: 1 + (width >> 5) + (random() % (width >> 3)),
    colour: [random() % 120, random() % 120, random() % 120],
  }));
  for (let y = 0; y < height; y++) {
    // Blobs that this row crosses.
    const near = blobs.filter((blob) => Math.abs(blob.y - y) < blob.r);
    for (let x = 0; x < width; x++) {
      let red = 50 + Math.floor((x * 60) / width);
      let green = 60 + Math.floor((y * 60) / height);
      let blue = 110 - Math.floor((x * 50) / width);
      for (const { x: cx, y: cy, r, colour } of near) {
        const squared = (x - cx) ** 2 + (y - cy) ** 2;
        if (squared >= r * r) continue;
        const weight = 256 - Math.floor((squared * 256) / (r * r));
        red += (colour[0]! * weight) >> 8;
        green += (colour[1]! * weight) >> 8;
        blue += (colour[2]! * weight) >> 8;
      }
      // Leaves and bricks in some places, plain walls in others.
      const patch = ((x >> 7) * 7 + (y >> 7) * 13) % 4;
      const leaf = patch === 1 ? Math.abs(((x * 5 + y * 3) % 22) - 11) * 4 : patch === 2 && y % 24 < 2 ? 40 : 0;
      const noise = (random() & 7) - 3;
      const at = (y * width + x) * 4;
      data[at] = red + leaf + noise;
      data[at + 1] = green + leaf + noise + (random() & 1);
      data[at + 2] = blue + (leaf >> 1) + noise;
      data[at + 3] = 255;
    }
  }
  return data;
}
