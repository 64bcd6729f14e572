/** The same items; the next is asked for while the last one is used. One that is on its way when nobody wants any more is not waited for. */
export async function* oneAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next()
  try {
    for (;;) {
      const item = await next
      if (item.done === true) return
      next = items.next()
      // It is thrown when its turn comes, if it ever does.
      next.catch(() => undefined)
      yield item.value
    }
  } finally {
    items.return(undefined).catch(() => undefined)
  }
}
