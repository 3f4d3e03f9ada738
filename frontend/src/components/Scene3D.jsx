import { createRoot, events, extend, useFrame } from '@react-three/fiber';
import { useEffect, useMemo, useRef } from 'react';
import {
  BufferAttribute,
  Color,
  DoubleSide,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  WireframeGeometry,
} from 'three';

// Named one by one: fiber's <Canvas> would bring all of three.
extend({ Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial });

const FRAMES_PER_SECOND = 15;
const SIZE = 48;

/**
 * A slowly turning response surface. Drawn on demand at 15 frames a second at most; it pauses while
 * the page is hidden, while someone types and while an answer comes, and motion stops altogether
 * where reduced motion is asked for.
 */
export default function Scene3D() {
  const holder = useRef(null);
  useEffect(() => {
    const canvas = document.createElement('canvas');
    canvas.className = 'size-full';
    holder.current.append(canvas);
    const root = createRoot(canvas);
    let ended = false;
    let invalidate = null;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const size = () => {
      const { width, height } = holder.current.getBoundingClientRect();
      return { width, height, top: 0, left: 0 };
    };
    // Always all of it: what a later call leaves out goes back to fiber's default, frames without end.
    const configure = () =>
      root.configure({
        events,
        frameloop: 'demand',
        dpr: Math.min(1, window.devicePixelRatio),
        size: size(),
        camera: { position: [0, 2.6, 4.6], fov: 38 },
        gl: { antialias: true, alpha: true, powerPreference: 'low-power' },
        onCreated: (state) => {
          invalidate = state.invalidate;
        },
      });
    const start = async () => {
      await configure();
      if (!ended) root.render(<Surface still={still} />);
    };
    void start();
    const timer = setInterval(() => {
      if (!still && !document.hidden && !isBusy()) invalidate?.();
    }, 1000 / FRAMES_PER_SECOND);
    const resized = new ResizeObserver(() => {
      void configure().then(() => invalidate?.());
    });
    resized.observe(holder.current);
    return () => {
      ended = true;
      clearInterval(timer);
      resized.disconnect();
      root.unmount();
      canvas.remove();
    };
  }, []);
  return <div ref={holder} className="size-full" />;
}

let typedAt = 0;
if (typeof window !== 'undefined') {
  window.addEventListener('keydown', () => (typedAt = performance.now()), { passive: true });
}

const isBusy = () =>
  performance.now() - typedAt < 1500 || document.querySelector('article[aria-busy=true]') !== null;

function Surface({ still }) {
  const group = useRef(null);
  const geometry = useMemo(surface, []);
  const lines = useMemo(() => new WireframeGeometry(geometry), [geometry]);
  const accent = useMemo(
    () => new Color(getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()),
    [],
  );
  useFrame(() => {
    if (!still) group.current.rotation.y = 0.5 + performance.now() / 24_000;
  });
  return (
    <group ref={group} rotation={[0, 0.5, 0]} position={[0.6, -0.5, 0]}>
      <mesh geometry={geometry}>
        <meshBasicMaterial
          color={accent}
          transparent
          opacity={0.1}
          side={DoubleSide}
          forceSinglePass
          depthWrite={false}
        />
      </mesh>
      <lineSegments geometry={lines}>
        <lineBasicMaterial color={accent} transparent opacity={0.32} />
      </lineSegments>
    </group>
  );
}

/** A second-order response with a rising ridge. */
function surface() {
  const geometry = new PlaneGeometry(4.4, 4.4, SIZE, SIZE).rotateX(-Math.PI / 2);
  const at = geometry.attributes.position;
  const heights = new Float32Array(at.array);
  for (let i = 0; i < at.count; i++) {
    const x = at.getX(i) / 2.2;
    const z = at.getZ(i) / 2.2;
    heights[3 * i + 1] = 1.15 - 0.75 * x * x - 0.5 * z * z + 0.45 * x * z + 0.25 * x;
  }
  geometry.setAttribute('position', new BufferAttribute(heights, 3));
  return geometry;
}
