export default function QueryScreen() {
  return <h1>Query</h1>
}
