/** Worksheets: a design as a sheet to fill in, analyse and go on from. */
import { useEffect, useState } from 'react';

import { useApp } from '../../lib/store.js';
import { isDesign, sheetOf } from '../../lib/worksheet/design.js';
import { loadSheet, saveSheet } from '../../lib/worksheet/store.js';
import { Button, Waiting } from '../ui.jsx';
import SheetList from './SheetList.jsx';
import SheetPage from './SheetPage.jsx';
import './worksheet.css';

/** `useApp().design` is what another view handed over: `{ result, program }`; `rest` the open sheet's id. */
export default function WorksheetView() {
  const design = useApp((s) => s.design);
  const id = useApp((s) => s.rest);
  const go = useApp((s) => s.go);
  const [error, setError] = useState(null);
  useEffect(() => {
    if (!design) return;
    useApp.setState({ design: null });
    if (!isDesign(design.result)) {
      setError('This result holds no design that could be a worksheet.');
      return;
    }
    const sheet = sheetOf(design.result, design.program);
    void saveSheet(sheet).then(() => go('worksheet', sheet.id, { replace: true }));
  }, [design, go]);
  if (design) return <Waiting label="Opening the design" />;
  return (
    <div className="worksheet h-full overflow-y-auto">
      {error && (
        <p role="alert" className="m-4 rounded-md bg-bad-soft p-3 text-sm text-bad">
          {error}
        </p>
      )}
      {id ? <OpenSheet key={id} id={id} /> : <SheetList />}
    </div>
  );
}

function OpenSheet({ id }) {
  const go = useApp((s) => s.go);
  const [state, setState] = useState({ sheet: null, missing: false });
  useEffect(() => {
    let wanted = true;
    void loadSheet(id).then((sheet) => wanted && setState({ sheet, missing: !sheet }));
    return () => {
      wanted = false;
    };
  }, [id]);
  if (state.missing)
    return (
      <div className="flex flex-col items-start gap-3 p-6">
        <h1 className="text-lg font-semibold">No such worksheet</h1>
        <p className="text-ink-2">It was made in another browser, or deleted here.</p>
        <Button onClick={() => go('worksheet')}>All worksheets</Button>
      </div>
    );
  return state.sheet ? (
    <SheetPage initial={state.sheet} />
  ) : (
    <Waiting label="Opening the worksheet" />
  );
}
