import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine, __wbg_set_wasm } from '@prisma/schema-engine-wasm/schema_engine_bg'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'

let loaded: Promise<void> | undefined

/**
 * Prisma's schema engine over WebAssembly: the native one would have to be downloaded. The package's own entry imports
 * the .wasm file as a module, which Node does not do, so it is instantiated here.
 */
export async function openSchemaEngine(url: string, schema?: string): Promise<{ engine: SchemaEngine; close(): Promise<void> }> {
  loaded ??= load()
  await loaded
  const pool = new pg.Pool({ connectionString: url })
  const engine = await SchemaEngine.new(
    { datamodels: schema === undefined ? undefined : [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool)),
  )
  return {
    engine,
    async close() {
      engine.free()
      await pool.end()
    },
  }
}

async function load(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve(/* turbopackIgnore: true */ '@prisma/schema-engine-wasm')
  const bytes = await readFile(join(dirname(entry), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': toImports(glue) })
  __wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
}

/** The glue module is the import object that wasm-bindgen generated for this very file. */
function toImports(module: object): WebAssembly.ModuleImports {
  return module as WebAssembly.ModuleImports
}
