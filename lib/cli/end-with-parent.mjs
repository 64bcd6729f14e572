// Loaded before the web app: a server whose parent was killed would keep the port, and nobody would know of it.
process.once('disconnect', () => process.exit(1))
