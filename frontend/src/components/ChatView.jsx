export default function ChatView() {
  return <h1 className="p-6 text-lg font-semibold">Chat</h1>;
}
