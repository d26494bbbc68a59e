/**
 * Variants of a photograph to train on: turned, mirrored, scaled, in other light, with noise. Whole numbers and a
 * seeded generator, so that they are the same everywhere.
 */

/** Scale in 64ths, quarter turns, whether mirrored, gains of R, G and B in 64ths, noise in levels. */
const VARIANTS = [
  { scale: 52, turns: 1, mirror: false, gains: [60, 64, 68], noise: 0 },
  { scale: 80, turns: 2, mirror: true, gains: [66, 64, 58], noise: 4 },
  { scale: 64, turns: 3, mirror: false, gains: [52, 52, 52], noise: 6 },
  { scale: 42, turns: 0, mirror: true, gains: [70, 70, 70], noise: 2 },
  { scale: 92, turns: 0, mirror: false, gains: [62, 58, 60], noise: 3 },
];
/** Photographs with more pixels have no variants: they would take most of the time. Those with fewer are not shrunk. */
const LARGEST = 600_000;
const SMALLEST = 20_000;

/** The photograph itself and its variants: pixels with the circles of `pupils` and `ignore` in their places. */
export function variantsOf(pixels, { pupils, ignore = [] }) {
  const area = pixels.width * pixels.height;
  const fitting = VARIANTS.filter(({ scale }) => area <= LARGEST && (scale >= 64 || area >= SMALLEST));
  return [
    { pixels, pupils, ignore },
    ...fitting.map((variant) => {
      const scaled = resample(pixels, variant);
      const places = (circles) => circles.map((circle) => place(circle, pixels, scaled, variant));
      return { pixels: relight(turn(scaled, variant), variant), pupils: places(pupils), ignore: places(ignore) };
    }),
  ];
}

/** Where a circle lies in a variant. */
function place({ x, y, r }, { width, height }, scaled, { turns, mirror }) {
  const across = scaled.width / width;
  const down = scaled.height / height;
  let u = (x + 0.5) * across - 0.5;
  let v = (y + 0.5) * down - 0.5;
  let [w, h] = [scaled.width, scaled.height];
  if (mirror) u = w - 1 - u;
  for (let i = 0; i < turns; i++) {
    [u, v] = [h - 1 - v, u];
    [w, h] = [h, w];
  }
  return { x: u, y: v, r: r * Math.sqrt(across * down) };
}

/** Bilinear, 8-bit weights. */
function resample({ data, width, height }, { scale }) {
  if (scale === 64) return { data, width, height };
  const w = Math.max(16, (width * scale + 32) >> 6);
  const h = Math.max(16, (height * scale + 32) >> 6);
  const out = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    const v = Math.max(0, Math.floor(((2 * y + 1) * height * 128) / h) - 128);
    const top = Math.min(v >> 8, height - 1);
    const bottom = Math.min(top + 1, height - 1);
    const fy = v & 255;
    for (let x = 0; x < w; x++) {
      const u = Math.max(0, Math.floor(((2 * x + 1) * width * 128) / w) - 128);
      const left = Math.min(u >> 8, width - 1);
      const right = Math.min(left + 1, width - 1);
      const fx = u & 255;
      const step = (right - left) * 4;
      for (let c = 0; c < 4; c++) {
        const p = (top * width + left) * 4 + c;
        const q = (bottom * width + left) * 4 + c;
        const upper = data[p] * (256 - fx) + data[p + step] * fx;
        const lower = data[q] * (256 - fx) + data[q + step] * fx;
        out[(y * w + x) * 4 + c] = (upper * (256 - fy) + lower * fy + 32768) >> 16;
      }
    }
  }
  return { data: out, width: w, height: h };
}

/** Mirrors pixels left to right, then turns them clockwise by quarters. */
export function turn({ data, width, height }, { turns, mirror }) {
  const out = new Uint8Array(data.length);
  const words = new Uint32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
  const target = new Uint32Array(out.buffer);
  const [w, h] = turns % 2 === 0 ? [width, height] : [height, width];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = mirror ? width - 1 - x : x;
      const last = [width - 1 - u, height - 1 - y];
      const to = [y * w + u, u * w + last[1], last[1] * w + last[0], last[0] * w + y][turns];
      target[to] = words[y * width + x];
    }
  }
  return { data: out, width: w, height: h };
}

function relight({ data, width, height }, { gains, noise }) {
  const out = new Uint8ClampedArray(data);
  let state = 1;
  for (let i = 0; i < out.length; i++) {
    const c = i & 3;
    if (c === 3) continue;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The sum of two: a triangle from -noise to noise.
    const grain = noise === 0 ? 0 : ((state >>> 24) % (noise + 1)) - ((state >>> 16) % (noise + 1));
    out[i] = ((data[i] * gains[c] + 32) >> 6) + grain;
  }
  return { data: out, width, height };
}
