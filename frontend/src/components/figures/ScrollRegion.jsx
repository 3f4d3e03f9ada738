/** A part that scrolls by itself; the keyboard reaches it too (WCAG 2.1.1). */
const REACHABLE = { tabIndex: 0 };

export default function ScrollRegion({ label, className = '', children }) {
  return (
    <div role="region" aria-label={label} className={`overflow-auto ${className}`} {...REACHABLE}>
      {children}
    </div>
  );
}
