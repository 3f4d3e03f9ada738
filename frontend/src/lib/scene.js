/** Whether the 3D scene may run: it must never cost the page anything that matters. */
import { useSyncExternalStore } from 'react';

import { useApp } from './store.js';

const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|warp|software|virgl/i;

let renderer; // asked for once: each WebGL context is a costly thing

/** The name of the machine's renderer; empty where there is no WebGL. */
export function rendererName() {
  if (renderer !== undefined) return renderer;
  try {
    const gl = document.createElement('canvas').getContext('webgl2');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    renderer = gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : '';
    gl?.getExtension('WEBGL_lose_context')?.loseContext();
  } catch {
    renderer = '';
  }
  return renderer;
}

export const isSoftware = (name) => name === '' || SOFTWARE.test(name);

const query = () => window.matchMedia('(prefers-reduced-motion: reduce)');

function watchMotion(changed) {
  const media = query();
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}

/** `auto` draws on a real graphics card, unless reduced motion is asked for. */
export function sceneAllowed(choice, name, reducedMotion) {
  if (choice === 'off' || name === '') return false;
  if (choice === 'on') return true;
  return !isSoftware(name) && !reducedMotion;
}

export function useScene() {
  const choice = useApp((s) => s.settings.scene);
  const reduced = useSyncExternalStore(watchMotion, () => query().matches);
  return choice !== 'off' && sceneAllowed(choice, rendererName(), reduced);
}
