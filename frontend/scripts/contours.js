// Draws public/contours.svg, the picture behind an empty conversation where no 3D is drawn: the
// contours of a response surface with a ridge and two optima. `node scripts/contours.js`.
import { writeFileSync } from 'node:fs';

import { contours } from 'd3-contour';

const [WIDTH, HEIGHT, STEP] = [200, 90, 6];
const peak = (x, z, cx, cz, sx, sz, turn) => {
  const [u, v] = [x - cx, z - cz];
  const [a, b] = [u * Math.cos(turn) + v * Math.sin(turn), v * Math.cos(turn) - u * Math.sin(turn)];
  return Math.exp(-((a / sx) ** 2) - (b / sz) ** 2);
};
const response = (i, j) => {
  const [x, z] = [i / WIDTH, j / HEIGHT];
  return (
    peak(x, z, 0.68, 0.42, 0.42, 0.3, -0.35) +
    0.72 * peak(x, z, 0.2, 0.72, 0.3, 0.34, 0.5) -
    0.35 * peak(x, z, 0.45, 0.12, 0.25, 0.3, 0)
  );
};
const values = Float64Array.from({ length: WIDTH * HEIGHT }, (_, k) =>
  response(k % WIDTH, Math.floor(k / WIDTH)),
);
const levels = Array.from({ length: 15 }, (_, k) => -0.16 + 0.08 * k);
const inside = ([x, y]) => x > 0.6 && y > 0.6 && x < WIDTH - 0.6 && y < HEIGHT - 0.6;
const point = ([x, y]) => `${(x * STEP).toFixed(0)} ${(y * STEP).toFixed(0)}`;

/** The part of a ring inside the frame, as open lines, every second point. */
function lines(ring) {
  const runs = [[]];
  ring.forEach((p, k) => {
    if (!inside(p)) runs.push([]);
    else if (k % 2 === 0) runs.at(-1).push(p);
  });
  return runs.filter((r) => r.length > 2).map((r) => `M${r.map(point).join('L')}`);
}

const paths = contours()
  .size([WIDTH, HEIGHT])
  .thresholds(levels)(values)
  .map(({ coordinates }, k) => {
    const d = coordinates.flat().flatMap(lines).join('');
    return d && `<path d="${d}" stroke-opacity="${(0.25 + 0.045 * k).toFixed(2)}"/>`;
  })
  .filter(Boolean);
const box = `0 0 ${WIDTH * STEP} ${HEIGHT * STEP}`;
writeFileSync(
  new URL('../public/contours.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" preserveAspectRatio="xMidYMid slice" fill="none" stroke="#000" stroke-width="1.2">${paths.join('')}</svg>\n`,
);
