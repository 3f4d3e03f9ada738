/** Every kind of figure on one page, for looking at; `npm run dev`, then /dev/gallery.html. Not built. */
import { createRoot } from 'react-dom/client';

import Figure from '../src/components/figures/Figure.jsx';
import '../src/styles/index.css';
import examples from '../tests/figures/examples.json';

const asked = new URLSearchParams(window.location.search);
const theme = asked.get('theme');
if (theme) document.documentElement.dataset.theme = theme;
const kinds = asked.get('kinds')?.split(',');

/** In the gallery a changed program is only shown; there is no server to run it. */
const shown = ({ program }) => {
  window.lastProgram = program;
  return Promise.reject(new Error('The gallery runs nothing.'));
};

function Gallery() {
  return (
    <main className="mx-auto grid max-w-6xl gap-4 p-4 lg:grid-cols-2">
      <h1 className="sr-only">Gallery of figures</h1>
      {examples
        .filter((e) => !kinds || kinds.includes(e.figure.kind))
        .map((e, i) => (
          <Figure key={i} {...e} onRerun={shown} />
        ))}
    </main>
  );
}

createRoot(document.getElementById('root')).render(<Gallery />);
