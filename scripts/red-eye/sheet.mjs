/** A sheet of pupils: each row shows one, out of several pictures of the same size. */
import sharp from 'sharp';

/** Side of a cell in pixels, and radii of the pupil it shows to each side. */
const CELL = 160;
const RADII = 3;

/**
 * Writes a PNG of `rows`: a pupil { x, y, r } and the pictures { data, width, height } to show it out of. Pixels stay
 * pixels.
 */
export async function writeSheet(file, rows) {
  const across = Math.max(...rows.map(({ pictures }) => pictures.length));
  const cells = [];
  for (const [row, { pupil, pictures }] of rows.entries()) {
    for (const [column, picture] of pictures.entries()) {
      cells.push({ input: await cell(picture, pupil), left: column * (CELL + 4), top: row * (CELL + 4) });
    }
  }
  const sheet = { width: across * (CELL + 4), height: rows.length * (CELL + 4), channels: 3, background: '#808080' };
  await sharp({ create: sheet }).composite(cells).png().toFile(file);
}

function cell({ data, width, height }, { x, y, r }) {
  const reach = Math.ceil(RADII * r);
  const [left, top] = [Math.max(0, Math.round(x) - reach), Math.max(0, Math.round(y) - reach)];
  const box = {
    ...{ left, top },
    width: Math.min(width, Math.round(x) + reach + 1) - left,
    height: Math.min(height, Math.round(y) + reach + 1) - top,
  };
  const picture = sharp(data, { raw: { width, height, channels: 4 } })
    .extract(box)
    .removeAlpha();
  return picture.resize(CELL, CELL, { fit: 'contain', kernel: 'nearest', background: '#808080' }).png().toBuffer();
}
