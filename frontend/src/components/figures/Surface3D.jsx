/** The fitted surface in three dimensions, drawn once a change (never in a loop); arrow keys turn it. */
import { useEffect, useRef, useState } from 'react';
import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  MeshBasicMaterial,
  Vector3,
  WebGLRenderer,
} from 'three';

import { short } from '../../lib/figures/numbers.js';
import { colour, heightAt, heightsOf } from '../../lib/figures/surface.js';

const START = { turn: -0.7, tilt: 0.5 };
const KEYS = {
  ArrowLeft: [-0.12, 0],
  ArrowRight: [0.12, 0],
  ArrowUp: [0, 0.08],
  ArrowDown: [0, -0.08],
};
const around = (angle) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
const HEIGHT = 0.75; // of the surface, where its base is 2 by 2

export default function Surface3D({ data, title, place }) {
  const canvas = useRef(null);
  const view = useRef({ ...START });
  const stage = useRef(null);
  const [missing, setMissing] = useState(false);
  const [angle, setAngle] = useState(START.turn);
  const [low, high] = heightsOf(data.z);

  useEffect(() => {
    const element = canvas.current;
    try {
      stage.current = build(element, data);
    } catch {
      setMissing(true);
      return undefined;
    }
    const draw = () => render(stage.current, view.current, element);
    stage.current.draw = draw;
    draw();
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(draw);
    observer?.observe(element);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      observer?.disconnect();
      theme.disconnect();
      stage.current.dispose();
    };
  }, [data]);

  useEffect(() => {
    if (!stage.current) return;
    moveMarker(stage.current, data, place);
    stage.current.draw();
  }, [data, place]);

  const turn = (dx, dy) => {
    view.current.turn = around(view.current.turn + dx);
    view.current.tilt = Math.min(1.45, Math.max(0.05, view.current.tilt + dy));
    stage.current?.draw();
    setAngle(view.current.turn);
  };
  if (missing)
    return (
      <p role="status" className="rounded-md bg-sunken p-3 text-sm text-ink-2">
        This browser draws no 3D; the contours show the same surface.
      </p>
    );
  return (
    <div>
      <div
        role="slider"
        tabIndex={0}
        className="rounded-md"
        aria-label={`${title}: surface from ${short(low)} to ${short(high)}`}
        aria-valuenow={Math.round((angle * 180) / Math.PI)}
        aria-valuemin={-180}
        aria-valuemax={180}
        aria-valuetext={`turned to ${Math.round((angle * 180) / Math.PI)} degrees`}
        onKeyDown={(event) => {
          if (!KEYS[event.key]) return;
          event.preventDefault();
          turn(...KEYS[event.key]);
        }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) =>
          event.buttons && turn(event.movementX * 0.008, event.movementY * 0.006)
        }
      >
        <canvas ref={canvas} height="320" className="surface-canvas" aria-hidden="true" />
      </div>
      <p className="text-xs text-muted">
        Drag or use the arrow keys to turn. {data.x_name} runs along the red edge, {data.y_name}{' '}
        along the green one; height is the {data.z_name ?? 'response'}.
      </p>
    </div>
  );
}

function build(element, data) {
  const renderer = new WebGLRenderer({ canvas: element, antialias: true, alpha: true });
  const scene = new Scene();
  const camera = new PerspectiveCamera(34, 1, 0.1, 20);
  scene.add(new AmbientLight(0xffffff, 2.2));
  const sun = new DirectionalLight(0xffffff, 1.6);
  sun.position.set(1.5, 3, 1);
  scene.add(sun);
  const [surface, wires] = mesh(data);
  scene.add(surface, wires, ...edges());
  const marker = new Mesh(
    new SphereGeometry(0.035, 16, 12),
    new MeshBasicMaterial({ color: 0xd55e00 }),
  );
  scene.add(marker);
  const dispose = () => {
    scene.traverse((o) => {
      o.geometry?.dispose();
      o.material?.dispose();
    });
    renderer.dispose();
  };
  return { renderer, scene, camera, marker, dispose };
}

const level = (v, [low, high]) => ((v - low) / (high - low || 1)) * HEIGHT;

function mesh({ x, y, z }) {
  const range = heightsOf(z);
  const [nx, ny] = [x.length, y.length];
  const at = (values, i) => (2 * (values[i] - values[0])) / (values.at(-1) - values[0]) - 1;
  const positions = new Float32Array(nx * ny * 3);
  const colours = new Float32Array(nx * ny * 3);
  const tint = new Color();
  for (let i = 0; i < ny; i += 1)
    for (let j = 0; j < nx; j += 1) {
      const k = 3 * (i * nx + j);
      positions.set([at(x, j), level(z[i][j], range), -at(y, i)], k);
      const [r, g, b] = colour((z[i][j] - range[0]) / (range[1] - range[0] || 1));
      tint.setRGB(r / 255, g / 255, b / 255, 'srgb');
      colours.set([tint.r, tint.g, tint.b], k);
    }
  const faces = [];
  const lines = [];
  for (let i = 0; i < ny; i += 1)
    for (let j = 0; j < nx; j += 1) {
      const a = i * nx + j;
      if (j + 1 < nx && i % 3 === 0) lines.push(a, a + 1);
      if (i + 1 < ny && j % 3 === 0) lines.push(a, a + nx);
      if (i + 1 < ny && j + 1 < nx) faces.push(a, a + 1, a + nx, a + 1, a + nx + 1, a + nx);
    }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('color', new BufferAttribute(colours, 3));
  geometry.setIndex(faces);
  geometry.computeVertexNormals();
  const grid = new BufferGeometry();
  grid.setAttribute('position', geometry.getAttribute('position'));
  grid.setIndex(lines);
  return [
    new Mesh(
      geometry,
      new MeshLambertMaterial({
        vertexColors: true,
        side: DoubleSide,
        polygonOffset: true,
        polygonOffsetFactor: 1,
        polygonOffsetUnits: 1,
      }),
    ),
    new LineSegments(
      grid,
      new LineBasicMaterial({ color: 0xffffff, transparent: true, opacity: 0.35 }),
    ),
  ];
}

/** The base's edges: x in red, y in green, the rest grey. */
function edges() {
  const line = (points, color) => {
    const geometry = new BufferGeometry();
    geometry.setFromPoints(points.map((p) => new Vector3(...p)));
    return new LineSegments(geometry, new LineBasicMaterial({ color }));
  };
  const floor = -0.02;
  return [
    line(
      [
        [-1, floor, 1],
        [1, floor, 1],
      ],
      0xd55e00,
    ),
    line(
      [
        [-1, floor, 1],
        [-1, floor, -1],
      ],
      0x009e73,
    ),
    line(
      [
        [1, floor, 1],
        [1, floor, -1],
        [-1, floor, -1],
        [1, floor, -1],
        [-1, floor, 1],
        [-1, HEIGHT, 1],
      ],
      0x8a9694,
    ),
  ];
}

function moveMarker(stage, data, place) {
  const height = heightAt(data, place.x, place.y);
  stage.marker.visible = height !== null;
  if (height === null) return;
  const at = (values, v) => (2 * (v - values[0])) / (values.at(-1) - values[0]) - 1;
  stage.marker.position.set(
    at(data.x, place.x),
    level(height, heightsOf(data.z)) + 0.02,
    -at(data.y, place.y),
  );
}

function render({ renderer, scene, camera }, { turn, tilt }, element) {
  const width = element.clientWidth || 480;
  const height = Math.min(340, Math.max(220, width * 0.66));
  renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
  renderer.setSize(width, height, false);
  camera.aspect = width / height;
  const distance = 4.6;
  camera.position.set(
    distance * Math.sin(turn) * Math.cos(tilt),
    distance * Math.sin(tilt) + HEIGHT / 2,
    distance * Math.cos(turn) * Math.cos(tilt),
  );
  camera.lookAt(0, HEIGHT / 2, 0);
  camera.updateProjectionMatrix();
  renderer.render(scene, camera);
}
