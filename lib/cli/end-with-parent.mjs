// Loaded before the web app and its builder: a server whose parent was killed would keep the port, a builder the right to build, and nobody would know of it.
process.once('disconnect', () => process.exit(1))
