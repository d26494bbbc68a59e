import type { Source } from './camera.ts';
import { drawPortrait } from './portrait.ts';

const WIDTH = 1280;
const HEIGHT = 720;
/** Least time between two frames in milliseconds: every second frame of a display at 60 Hz. */
const INTERVAL_MS = 28;

/**
 * A camera for those who have none: a room at night with lights that drift behind the window, a clock that goes, and a
 * sitter whose eyes the flash has turned red. 1280×720, about 30 frames a second. With reduced motion asked for,
 * only the clock moves.
 */
export function startTestScene(): Source {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d', { alpha: false })!;
  const room = paintRoom();
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  let request = 0;
  let drawnAt = -Infinity;
  const draw = (now: number): void => {
    request = requestAnimationFrame(draw);
    if (now - drawnAt < INTERVAL_MS) return;
    drawnAt = now;
    const phase = stillness.matches ? 0 : now / 1000;
    context.drawImage(room, 0, 0);
    drawLights(context, phase);
    drawClock(context, new Date());
    drawPortrait(context, 800 + 14 * Math.sin(phase * 0.7), 392 + 5 * Math.sin(phase * 1.1));
  };
  draw(performance.now());
  const track = canvas.captureStream().getVideoTracks()[0]!;
  return {
    track,
    stop() {
      cancelAnimationFrame(request);
      track.stop();
    },
  };
}

/** What stands still: wall, window, shelf, and the grain of a sensor. */
function paintRoom(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d')!;
  const wall = context.createRadialGradient(760, 300, 60, 700, 380, 820);
  wall.addColorStop(0, '#8a7a68');
  wall.addColorStop(0.55, '#4a4540');
  wall.addColorStop(1, '#1b1c20');
  context.fillStyle = wall;
  context.fillRect(0, 0, WIDTH, HEIGHT);

  context.fillStyle = '#2a211b';
  context.fillRect(64, 54, 372, 312);
  const night = context.createLinearGradient(0, 66, 0, 354);
  night.addColorStop(0, '#101a33');
  night.addColorStop(1, '#3d3554');
  context.fillStyle = night;
  context.fillRect(76, 66, 348, 288);

  const shelf = context.createLinearGradient(0, 590, 0, 720);
  shelf.addColorStop(0, '#6d4d33');
  shelf.addColorStop(1, '#2c1f16');
  context.fillStyle = shelf;
  context.fillRect(0, 600, WIDTH, 120);
  const spines = ['#7b3b35', '#2f5560', '#b08d4a', '#4d5b3c', '#8c8478', '#3a3f5c', '#a0583c'];
  for (let book = 0, x = 60; x < 400; book++) {
    const width = 22 + ((book * 37) % 23);
    const height = 120 + ((book * 53) % 60);
    context.fillStyle = spines[book % spines.length]!;
    context.fillRect(x, 600 - height, width, height);
    context.fillStyle = '#fff3';
    context.fillRect(x + 4, 612 - height, width - 8, 3);
    x += width + 2;
  }
  grain(context);
  return canvas;
}

function grain(context: CanvasRenderingContext2D): void {
  const image = context.getImageData(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < image.data.length; i += 4) {
    const noise = (Math.random() - 0.5) * 12;
    for (let channel = i; channel < i + 3; channel++) image.data[channel]! += noise;
  }
  context.putImageData(image, 0, 0);
}

/** Street lights out of focus, seen through the window. */
function drawLights(context: CanvasRenderingContext2D, phase: number): void {
  context.save();
  context.beginPath();
  context.rect(76, 66, 348, 288);
  context.clip();
  context.globalCompositeOperation = 'screen';
  for (let light = 0; light < 14; light++) {
    const x = 76 + ((light * 97 + phase * (9 + (light % 4) * 7)) % 408) - 30;
    const y = 200 + ((light * 61) % 150) + 5 * Math.sin(phase + light);
    context.fillStyle = `hsl(${[38, 24, 205, 350][light % 4]} 80% 62% / 0.42)`;
    context.beginPath();
    context.arc(x, y, 12 + ((light * 7) % 17), 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
  context.fillStyle = '#2a211b';
  context.fillRect(244, 66, 12, 288);
  context.fillRect(76, 204, 348, 10);
}

/** The time of day, so that no two photos are the same. */
function drawClock(context: CanvasRenderingContext2D, time: Date): void {
  const seconds = time.getSeconds() + time.getMilliseconds() / 1000;
  const minutes = time.getMinutes() + seconds / 60;
  context.save();
  context.translate(1124, 168);
  context.lineCap = 'round';
  context.fillStyle = '#15120f';
  disc(context, 88);
  context.fillStyle = '#e9e2d3';
  disc(context, 80);
  for (let mark = 0; mark < 60; mark++) {
    const long = mark % 5 === 0;
    hand(context, mark / 60, long ? 64 : 70, 74, long ? 4 : 1.5, '#3b3530');
  }
  hand(context, ((time.getHours() % 12) + minutes / 60) / 12, -8, 42, 7, '#26221e');
  hand(context, minutes / 60, -10, 62, 5, '#26221e');
  hand(context, seconds / 60, -16, 68, 2, '#c8501e');
  context.fillStyle = '#c8501e';
  disc(context, 5);
  context.restore();
}

function disc(context: CanvasRenderingContext2D, radius: number): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fill();
}

/** A line from the centre outwards at a fraction of the turn, from 12 o'clock. */
function hand(
  context: CanvasRenderingContext2D,
  turn: number,
  from: number,
  to: number,
  width: number,
  colour: string,
): void {
  const x = Math.sin(turn * 2 * Math.PI);
  const y = -Math.cos(turn * 2 * Math.PI);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(x * from, y * from);
  context.lineTo(x * to, y * to);
  context.stroke();
}
