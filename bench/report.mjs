import { burstLines } from './burst.mjs';

/** The Markdown form of a run. */
export function toMarkdown({ machine, engine, commit, rounds, pictures, shares, bursts, camera, redEyes = [] }) {
  const lines = [
    `${engine}, ${machine.cores} × ${machine.cpu}, load ${machine.loadBefore.toFixed(1)} to ${machine.loadAfter?.toFixed(1) ?? '?'}, commit ${commit}, ${rounds} rounds.`,
    'Times in ms: median of the rounds. Ratios: to the browser’s own in the same round, median (quartiles).',
  ];
  for (const { name, width, height, bitsPerPixel, results, error } of pictures) {
    lines.push(
      '',
      `**${name}**, ${width} × ${height}, ${bitsPerPixel?.toFixed(2)} bits per pixel${error ? `: ${error}` : ''}`,
      '',
    );
    lines.push(
      '| task | contestant | wall | CPU | ÷ wall | ÷ CPU | KB | SSIM | dB |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    );
    for (const { task, contestant, wall, cpu, wallRatio, cpuRatio, bytes, likeness, psnr, failed } of results) {
      const cells = failed
        ? [failed, '', '', '', '', '', '']
        : [
            wall.median.toFixed(1),
            cpu?.median.toFixed(1) ?? '–',
            spread(wallRatio),
            cpuRatio ? spread(cpuRatio) : '–',
            bytes ? Math.round(bytes / 1000) : '–',
            likeness?.toFixed(4) ?? '–',
            psnr?.toFixed(1) ?? '–',
          ];
      lines.push(`| ${[task, contestant, ...cells].join(' | ')} |`);
    }
  }
  if (shares.length > 0) {
    lines.push(
      '',
      '**One I420 frame, one worker and two**, wall ms',
      '',
      '| photo | task | one | two | two ÷ one |',
      '| --- | --- | ---: | ---: | ---: |',
    );
    for (const { name, task, alone, shared, ratio } of shares) {
      const cells = [name, task, alone.median.toFixed(1), shared.median.toFixed(1), spread(ratio)];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  if (bursts.length > 0) lines.push(...burstLines(bursts, camera));
  if (redEyes.length > 0) {
    lines.push('', '**Red eyes in labelled photographs**', '');
    const kinds = Object.keys(redEyes[0].found);
    lines.push(`| contestant | ${kinds.join(' | ')} | false regions a clean photograph | clean photographs touched |`);
    lines.push(`| --- |${' ---: |'.repeat(kinds.length + 2)}`);
    for (const { contestant, found, clean, touched, falseRegions } of redEyes) {
      const shares = kinds.map((kind) => `${found[kind].found} of ${found[kind].of}`);
      lines.push(
        `| ${[contestant, ...shares, (falseRegions / clean).toFixed(3), `${touched} of ${clean}`].join(' | ')} |`,
      );
    }
  }
  return lines.join('\n');
}

function spread({ median, low, high }) {
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
