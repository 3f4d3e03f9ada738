/** The few controls that every view uses. */
import { useLayoutEffect, useRef } from 'react';

const TONES = {
  plain: 'border-line-strong/60 bg-raised text-ink hover:bg-sunken',
  primary: 'border-accent bg-accent text-accent-ink hover:brightness-110',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border-bad/50 bg-raised text-bad hover:bg-bad-soft',
};

/** A button; `tone` is plain, primary, quiet or danger. */
export function Button({ tone = 'plain', className = '', type = 'button', ...rest }) {
  return (
    <button
      type={type}
      className={`no-print inline-flex h-8 items-center justify-center gap-1.5 rounded-md border px-2.5 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-50 ${TONES[tone]} ${className}`}
      {...rest}
    />
  );
}

/** A square button with a picture; `label` is its name for everyone who does not see it. */
export function IconButton({ icon, label, tone = 'quiet', className = '', ...rest }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`no-print inline-flex size-8 shrink-0 items-center justify-center rounded-md border transition-colors disabled:opacity-40 aria-disabled:opacity-40 ${TONES[tone]} ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

const PATHS = {
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  send: 'M8 13V3M4 7l4-4 4 4',
  stop: 'M4.5 4.5h7v7h-7z',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  check: 'M3 8.5l3.2 3L13 4.5',
  edit: 'M3 13l.6-2.6L10.5 3.5l2 2-6.9 6.9zM9 5l2 2',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.6h-2.6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4L13.5 13.5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  sliders: 'M3 5h6M12 5h1M3 11h1M7 11h6M10.5 3.5v3M5.5 9.5v3',
  attach:
    'M12.5 7.5l-4.6 4.6a2.8 2.8 0 0 1-4-4l5-5a1.9 1.9 0 0 1 2.7 2.7l-4.9 4.9a.9.9 0 0 1-1.3-1.3l4.2-4.2',
  down: 'M4 6l4 4 4-4',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4-4 4',
  download: 'M8 2.5v7M5 7l3 3 3-3M3 13h10',
  undo: 'M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6',
  redo: 'M10 3l3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10',
  trash: 'M3.5 4.5h9M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5',
  play: 'M5 3.5l7 4.5-7 4.5z',
  chat: 'M3 3.5h10v7H8l-3 2.5v-2.5H3z',
  sheet: 'M3 3h10v10H3zM3 6.3h10M3 9.6h10M6.5 3v10',
  blocks: 'M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z',
  warn: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.3',
  info: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 7.5v3.5M8 5v.3',
  expand: 'M9.5 3H13v3.5M6.5 13H3V9.5M13 3L9 7M3 13l4-4',
};

/** A 16-pixel line drawing; decoration only, so it has no name of its own. */
export function Icon({ name, size = 16, className = '' }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
    >
      <path d={PATHS[name]} fill={name === 'stop' ? 'currentColor' : undefined} />
    </svg>
  );
}

/** A label over a field, an explanation under it. */
export function Field({ label, hint, htmlFor, children }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={htmlFor} className="text-sm font-medium text-ink-2">
        {label}
      </label>
      {children}
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  );
}

export const inputClass =
  'h-8 w-full rounded-md border border-line-strong/60 bg-raised px-2 text-sm text-ink placeholder:text-muted';

/** Green, amber, red or neutral, always with words: never told by colour alone. */
export function Badge({ tone = 'neutral', children, className = '' }) {
  const tones = {
    neutral: 'bg-sunken text-ink-2',
    accent: 'bg-accent-soft text-accent',
    good: 'bg-good-soft text-good',
    warn: 'bg-warn-soft text-warn',
    bad: 'bg-bad-soft text-bad',
  };
  return (
    <span
      className={`inline-flex items-center gap-1 rounded px-1.5 text-xs font-medium ${tones[tone]} ${className}`}
    >
      {children}
    </span>
  );
}

/** The browser's own modal dialog: focus stays inside, Escape closes, focus returns. */
export function Dialog({ title, onClose, children, className = '', wide = false }) {
  const ref = useRef(null);
  // a layout effect: it is closed while it still stands in the page, so that the focus returns
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={onClose}
      onCancel={onClose}
      className={`m-auto max-h-[88dvh] overflow-hidden rounded-lg border border-line bg-panel p-0 text-ink shadow-float ${className}`}
      style={{ width: `min(94vw, ${wide ? '60rem' : '40rem'})` }}
    >
      <div className="flex max-h-[88dvh] flex-col">
        <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
          <h2 className="text-base font-semibold">{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        <div className="min-h-0 overflow-y-auto p-4">{children}</div>
      </div>
    </dialog>
  );
}

/** What is shown while a chunk of the page is on its way. */
export function Waiting({ label = 'Loading' }) {
  return (
    <p role="status" data-waiting className="p-4 text-sm text-muted">
      {label}…
    </p>
  );
}
