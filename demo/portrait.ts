/** A sitter taken with a flash beside the lens: a face of about 300 pixels with red pupils. */

const OUTLINE = 'rgb(70 38 28 / 0.55)';

/** Draws the sitter with the bridge of the nose at (x, y). */
export function drawPortrait(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  drawBody(context);
  drawHead(context);
  for (const side of [-1, 1]) drawEye(context, side * 58, -12);
  drawNoseAndMouth(context);
  context.restore();
}

function drawBody(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#2b2019';
  ellipse(context, 0, -20, 172, 214);
  context.fill();
  context.fillStyle = '#b98267';
  context.fillRect(-52, 120, 104, 110);
  const coat = context.createLinearGradient(-240, 200, 240, 360);
  coat.addColorStop(0, '#1f3d4a');
  coat.addColorStop(1, '#3f6d78');
  context.fillStyle = coat;
  context.beginPath();
  context.moveTo(-290, 360);
  context.quadraticCurveTo(-240, 205, -64, 192);
  context.quadraticCurveTo(0, 250, 64, 192);
  context.quadraticCurveTo(240, 205, 290, 360);
  context.fill();
}

function drawHead(context: CanvasRenderingContext2D): void {
  const skin = context.createRadialGradient(-24, -30, 30, 0, 10, 210);
  skin.addColorStop(0, '#f0c6a8');
  skin.addColorStop(0.7, '#d39c7c');
  skin.addColorStop(1, '#9b6650');
  context.fillStyle = skin;
  ellipse(context, 0, 12, 138, 180);
  context.fill();
  context.fillStyle = 'rgb(214 112 92 / 0.22)';
  for (const side of [-1, 1]) {
    ellipse(context, side * 84, 62, 40, 30);
    context.fill();
  }
  context.fillStyle = '#2b2019';
  context.beginPath();
  context.moveTo(-142, 10);
  context.bezierCurveTo(-150, -245, 150, -245, 142, 10);
  context.bezierCurveTo(126, -92, 40, -118, -20, -122);
  context.bezierCurveTo(-92, -106, -130, -60, -142, 10);
  context.fill();
}

function drawEye(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.moveTo(-36, 2);
  context.quadraticCurveTo(0, -30, 36, 2);
  context.quadraticCurveTo(0, 24, -36, 2);
  context.fillStyle = '#efe9e2';
  context.fill();
  context.save();
  context.clip();
  context.fillStyle = '#5b6f68';
  ellipse(context, 0, 0, 18, 18);
  context.fill();
  const pupil = context.createRadialGradient(0, 1, 1, 0, 0, 11.5);
  pupil.addColorStop(0, '#ff4a3a');
  pupil.addColorStop(0.75, '#d41f1c');
  pupil.addColorStop(1, '#8c1414');
  context.fillStyle = pupil;
  ellipse(context, 0, 0, 11.5, 11.5);
  context.fill();
  context.fillStyle = '#fffaf5';
  ellipse(context, 4, -5, 2.6, 2.6);
  context.fill();
  context.restore();
  context.lineWidth = 4;
  context.strokeStyle = '#3a241b';
  context.beginPath();
  context.moveTo(-37, 3);
  context.quadraticCurveTo(0, -31, 37, 3);
  context.stroke();
  context.lineWidth = 9;
  context.lineCap = 'round';
  context.strokeStyle = '#33251d';
  context.beginPath();
  context.moveTo(-40, -38);
  context.quadraticCurveTo(0, -56, 40, -38);
  context.stroke();
  context.restore();
}

function drawNoseAndMouth(context: CanvasRenderingContext2D): void {
  context.lineCap = 'round';
  context.lineWidth = 4;
  context.strokeStyle = OUTLINE;
  context.beginPath();
  context.moveTo(8, -4);
  context.quadraticCurveTo(26, 56, 18, 62);
  context.quadraticCurveTo(0, 72, -18, 62);
  context.stroke();
  context.fillStyle = '#a8564c';
  context.beginPath();
  context.moveTo(-48, 112);
  context.quadraticCurveTo(-14, 98, 0, 106);
  context.quadraticCurveTo(14, 98, 48, 112);
  context.quadraticCurveTo(0, 146, -48, 112);
  context.fill();
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(-48, 112);
  context.quadraticCurveTo(0, 122, 48, 112);
  context.stroke();
}

function ellipse(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  context.beginPath();
  context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
}
