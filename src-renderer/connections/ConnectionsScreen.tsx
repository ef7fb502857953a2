export default function ConnectionsScreen() {
  return <h1>Connections</h1>
}
