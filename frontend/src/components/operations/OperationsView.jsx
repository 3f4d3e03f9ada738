/** The operations browser. `useApp().rest` is the name of the operation that is open. */
export default function OperationsView() {
  return <h1 className="p-6 text-lg font-semibold">Operations</h1>;
}
