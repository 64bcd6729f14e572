import { Fragment } from 'react'

/** A type, permission or id that may break after its slashes, and in the middle of a word only where it must. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=\/)/)
  return <span className="wrap-break-word">{parts.map((part, index) => <Fragment key={index}>{part}<wbr /></Fragment>)}</span>
}
