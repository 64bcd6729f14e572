/** For tests: a process of its own that uses the embedded database until it is told to stop, or killed. */
import { startEmbedded } from './embedded'

const folder = process.argv[2] ?? ''
const server = await startEmbedded(folder)
process.send?.({ url: server.url, started: server.started })
process.once('message', () => {
  void server.stop().then(() => process.exit(0))
})
