/** The design worksheet. `useApp().design` is what the chat handed over: `{ result, program }`. */
export default function WorksheetView() {
  return <h1 className="p-6 text-lg font-semibold">Worksheet</h1>;
}
